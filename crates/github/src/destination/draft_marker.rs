//! Whose draft it is: a comment at the end of its notes, which no reader sees, says which set of
//! files it is for. So a second publisher with other bytes knows before it adds one of its own.

use model::Digest;

use crate::responses::Release;

const OPEN: &str = "<!-- package-actions ";
const CLOSE: &str = " -->";

/// Notes with the marker of a set of files.
pub(crate) fn with_marker(notes: &str, set: Digest) -> String {
    let bare = without_marker(notes);
    let between = if bare.is_empty() { "" } else { "\n\n" };
    format!("{bare}{between}{OPEN}{set}{CLOSE}")
}

/// Notes as people wrote them.
pub(crate) fn without_marker(notes: &str) -> String {
    match marked(notes) {
        Some((before, _, after)) => format!("{}{after}", before.trim_end()).trim_end().to_owned(),
        None => notes.trim_end().to_owned(),
    }
}

/// The set of files that a draft is for, where it has a marker.
pub(crate) fn set_of(release: &Release) -> Option<Digest> {
    marked(release.body.as_deref().unwrap_or_default()).map(|(_, set, _)| set)
}

fn marked(notes: &str) -> Option<(&str, Digest, &str)> {
    let (before, rest) = notes.rsplit_once(OPEN)?;
    let (set, after) = rest.split_once(CLOSE)?;
    Some((before, set.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_comes_and_goes_without_a_trace() {
        let set = Digest::of(b"x");
        for notes in ["", "- one\n- two", "# a\n\n<!-- mine -->"] {
            let marked = with_marker(notes, set);
            assert!(marked.ends_with(&format!("<!-- package-actions {set} -->")), "{marked}");
            assert_eq!(with_marker(&marked, set), marked);
            assert_eq!(without_marker(&marked), notes);
        }
        let edited = format!("{}\n\nmore by hand", with_marker("a", set));
        assert_eq!(without_marker(&edited), "a\n\nmore by hand");
        let broken = "a <!-- package-actions sha256:1 -->";
        assert_eq!(without_marker(broken), broken);
    }
}
