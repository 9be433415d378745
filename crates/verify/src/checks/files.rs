//! Every file that the manifest lists is there with its bytes, and nothing else is.

use std::collections::{BTreeMap, BTreeSet};

use model::{Diagnostic, FileEntry, Location, Manifest};

use crate::Dist;
use crate::codes;
use crate::report::Findings;

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    documents: &[(String, String)],
    found: &mut Findings,
) {
    let entries = match dist.entries() {
        Ok(entries) => entries,
        Err(problem) => return found.add(problem, "."),
    };
    let expected = expected(manifest, documents);
    let mut present = BTreeSet::new();
    for entry in &entries {
        found.look();
        let path = entry.path.as_str();
        present.insert(path);
        if !entry.regular && expected.contains(path) {
            found.wrong(
                &model::codes::FILE_NOT_REGULAR,
                path,
                "is a link or no file, expected a regular file",
            );
        } else if !expected.contains(path) {
            let problem = Diagnostic::new(&codes::FILE_EXTRA, "is not part of the release")
                .help("remove it, or seal the release again");
            found.add(problem, path);
        }
    }
    for path in expected.iter().filter(|path| !present.contains(path.as_str())) {
        let problem =
            Diagnostic::new(&model::codes::FILE_MISSING, "is part of the release and not there")
                .help("take it again from where the release was published");
        found.add(problem, path);
    }
    for file in listed(manifest).filter(|file| present.contains(file.path.as_str())) {
        measure(dist, file, found);
    }
}

/// How many bytes each file has whose bytes the manifest fixes.
pub(crate) fn sizes(manifest: &Manifest) -> BTreeMap<&str, u64> {
    listed(manifest).map(|file| (file.path.as_str(), file.size)).collect()
}

/// All files whose bytes the manifest fixes.
fn listed(manifest: &Manifest) -> impl Iterator<Item = &FileEntry> {
    let artifacts = manifest.artifacts.iter();
    artifacts
        .flat_map(|artifact| std::iter::once(&artifact.file).chain(&artifact.files))
        .chain(manifest.documents.iter().map(|document| &document.file))
}

fn expected(manifest: &Manifest, documents: &[(String, String)]) -> BTreeSet<String> {
    let mut expected: BTreeSet<String> = listed(manifest).map(|file| file.path.clone()).collect();
    expected.insert(Manifest::FILE.to_owned());
    expected.extend(documents.iter().map(|(path, _)| path.clone()));
    expected.extend(manifest.evidence.iter().map(|item| item.path.clone()));
    expected.extend(manifest.assets.iter().map(|asset| format!("github/{}", asset.name)));
    expected
}

fn measure(dist: &dyn Dist, file: &FileEntry, found: &mut Findings) {
    let path = file.path.as_str();
    match dist.size(path) {
        Err(problem) => return found.add(problem, path),
        // Not hashed: a file can claim to be as large as it likes.
        Ok(size) if size != file.size => {
            let message = format!("has {size} bytes, expected {}", file.size);
            return found.wrong(&codes::FILE_SIZE, path, message);
        }
        Ok(_) => {}
    }
    match dist.measure(path) {
        Err(problem) => found.add(problem, path),
        Ok((_, digest)) if digest != file.digest => {
            let message = format!("has digest {digest}, expected {}", file.digest);
            let problem = Diagnostic::new(&codes::FILE_DIGEST, message).at(Location::file(path));
            found.add(problem.help("its bytes were changed after sealing"), path);
        }
        Ok(_) => {}
    }
}
