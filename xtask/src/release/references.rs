//! YAML for servers that lag behind github.com: GitHub Enterprise Server knows neither `$/` nor
//! `cache-mode` nor `queue`.

/// The name under which downstream repositories call ours.
const OWN: &str = "contextforge-org/package-actions";

/// Keys that are unknown there, each on a line of its own.
const UNKNOWN: [&str; 2] = ["cache-mode:", "queue:"];

/// The same text with whole references (`OWNER/NAME/x@TAG`) and without keys that are unknown
/// there.
pub fn explicit(text: &str, tag: &str) -> String {
    let is_known = |line: &&str| !UNKNOWN.iter().any(|key| line.trim_start().starts_with(key));
    let lines = text.lines().filter(is_known).map(|line| line.replace(", queue: max", ""));
    lines.map(|line| format!("{}\n", reference(&line, tag))).collect()
}

fn reference(line: &str, tag: &str) -> String {
    let Some((before, path)) = line.split_once("uses: $/") else { return line.to_owned() };
    let (path, comment) = path.split_at(path.find(' ').unwrap_or(path.len()));
    let slash = if path.is_empty() { "" } else { "/" };
    format!("{before}uses: {OWN}{slash}{path}@{tag}{comment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_whole_and_unknown_keys_go() {
        let check = |text: &str, expected: &str| assert_eq!(explicit(text, "v1"), expected);
        check(
            "- uses: $/actions/x # why\n",
            "- uses: contextforge-org/package-actions/actions/x@v1 # why\n",
        );
        check("  uses: $/\n", "  uses: contextforge-org/package-actions@v1\n");
        check("a:\n  cache-mode: none\n  b: 1\n", "a:\n  b: 1\n");
        check("a:\n  queue: max\n  b: 1\n", "a:\n  b: 1\n");
        check("  { group: a, queue: max }\n", "  { group: a }\n");
        check("- uses: a/b@c\n# uses $/x\n", "- uses: a/b@c\n# uses $/x\n");
    }
}
