//! Documents that are functions of the manifest equal their own re-rendering.

use crate::Dist;
use crate::codes;
use crate::report::Findings;

pub(crate) fn check(dist: &dyn Dist, documents: &[(String, String)], found: &mut Findings) {
    for (path, text) in documents {
        found.look();
        // One byte more than expected is enough to see that a file is too long.
        match dist.read(path, text.len() as u64 + 1) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(bytes) => {
                let same = bytes.iter().zip(text.as_bytes()).take_while(|(a, b)| a == b).count();
                let message = format!(
                    "differs from its rendering at byte {same} ({} bytes, expected {})",
                    bytes.len(),
                    text.len()
                );
                found.wrong(&codes::DOCUMENT_RENDERING, path, message);
            }
            Err(problem) => found.add(problem, path),
        }
    }
}
