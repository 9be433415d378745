//! `$GITHUB_ARTIFACTS`: what a job made, one file or `oci://…@sha256:…` a line, for attestations.

/// Subjects of a job at most; the runner refuses more.
const MAX_SUBJECTS: usize = 500;

/// The lines for `subjects`. None at all where the runner would refuse one: half a list would pass
/// for the whole.
pub(crate) fn lines(subjects: &[String]) -> String {
    let fits = |subject: &String| !subject.contains(['=', '\n', '\r']);
    if subjects.len() > MAX_SUBJECTS || !subjects.iter().all(fits) {
        return String::new();
    }
    subjects.iter().map(|subject| format!("{subject}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_the_runner_would_refuse_is_not_begun() {
        let check = |subjects: &[&str], expected: &str| {
            let subjects: Vec<String> = subjects.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(lines(&subjects), expected);
        };
        check(&[], "");
        check(
            &["/a/b.whl", "oci://ghcr.io/o/r@sha256:00"],
            "/a/b.whl\noci://ghcr.io/o/r@sha256:00\n",
        );
        check(&["a", "b=c"], "");
        check(&["a\nb"], "");
        check(&["a"; MAX_SUBJECTS + 1], "");
    }
}
