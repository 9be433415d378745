//! What moves every format the same way names none of them: not by a crate, not by the name that
//! plans and manifests call it by.

use proc_macro2::TokenTree;

use super::source;
use super::tree::{Finding, Tree, at};

/// The sources that are held to it.
const NEUTRAL: &[&str] = &[
    "crates/pipeline/src/",
    "crates/verify/src/",
    "crates/publish/src/",
    "crates/registry/src/",
    "crates/python-index/src/",
    "crates/cli/src/",
    "crates/config/src/",
    "crates/format/src/",
    "wasm/src/",
];

/// The crates of formats.
const CRATES: &[&str] = &["pypi", "oci", "helm", "binary"];

/// The constants by which `release` names them.
const CONSTANTS: &[&str] = &["PYPI", "OCI", "HELM", "BINARY"];

/// What plans and manifests call formats, kinds of artifact, and ways to build.
const NAMES: &[&str] = &[
    "pypi",
    "oci",
    "helm",
    "binary",
    "wheel",
    "sdist",
    "image",
    "image-index",
    "chart",
    "python-project",
    "python-sdist",
    "python-wheel",
    "python-meta",
    "go-binary",
    "rust-binary",
    "binary-image",
    "dockerfile-image",
];

/// Where one of these words means something else.
const EXCEPTIONS: &[(&str, &str)] = &[
    // Templates of workflows are called after what they release.
    ("crates/cli/src/workflow.rs", "pypi"),
    ("crates/cli/src/workflow.rs", "oci"),
    ("crates/cli/src/workflow.rs", "helm"),
    ("crates/cli/src/workflow.rs", "binary"),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let neutral = |path: &&str| {
        let test = path.contains("/tests/") || path.ends_with("/tests.rs");
        !test && NEUTRAL.iter().any(|folder| path.starts_with(folder))
    };
    for (path, text) in tree.texts("rs").filter(|(path, _)| neutral(path)) {
        let tokens = source::tokens(text).unwrap_or_default();
        let fine = |word: &str| EXCEPTIONS.contains(&(path, word));
        for text in source::texts(&tokens, false) {
            if NAMES.contains(&text.text.as_str()) && !fine(&text.text) {
                found.push(at(path, text.line, format!("names `{}`", text.text)));
            }
        }
        named(path, &tokens, &mut found);
    }
    found
}

/// Paths that begin with a format's crate, and `release`'s constants.
fn named(path: &str, tokens: &[TokenTree], found: &mut Vec<Finding>) {
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match token {
            TokenTree::Group(group) => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                named(path, &inside, found);
            }
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                let is_path = source::is_mark(after.first(), ':')
                    && source::is_mark(after.get(1), ':')
                    && CRATES.contains(&word.as_str());
                if is_path || CONSTANTS.contains(&word.as_str()) {
                    found.push(at(path, ident.span().start().line, format!("names `{word}`")));
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn code_that_names_a_format_is_found() {
        let check =
            |code: &str, lines: &[usize]| expect(check, "crates/pipeline/src/a.rs", code, lines);
        check("fn f() { g(oci::FORMAT) }\n", &[1]);
        check("use release::HELM;\n", &[1]);
        check("fn f() { g(\n\"wheel\") }\n", &[2]);
        check("fn f() { g(\"pypi:a==1\", oci.helm, binary) }\n", &[]);
        check("#[cfg(test)]\nmod tests { const A: &str = \"oci\"; }\n", &[]);
        expect(super::check, "crates/release/src/a.rs", "fn f() { oci::units() }\n", &[]);
    }
}
