//! Rust source as tokens, and the modules of a crate. Knows where tests begin; says nothing about
//! what the code may do.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::tree::Tree;

/// The modules of one crate by their path from its root, whose path is empty.
#[derive(Default)]
pub struct Crate {
    /// The folder of its root file.
    pub folder: String,
    pub modules: BTreeMap<Vec<String>, Module>,
}

/// A module that exists outside of tests.
#[derive(Default)]
pub struct Module {
    pub file: String,
    /// Without the contents of inline modules.
    pub tokens: Vec<TokenTree>,
}

/// A string in source: what the program says, not how it is written.
pub struct Text {
    pub line: usize,
    pub text: String,
}

/// A module's name, and its contents where they are inline.
type Declared = (String, Option<Vec<TokenTree>>);

/// The crates of the workspace: libraries, programs, and tests of several files.
pub fn crates(tree: &Tree) -> Vec<Crate> {
    let is_ours = |path: &&str| !path.starts_with("examples/") && !path.contains("/fixtures/");
    let roots = tree.texts("rs").map(|(path, _)| path).filter(is_ours).filter(|path| is_root(path));
    roots.filter_map(|path| read_crate(tree, path)).collect()
}

/// The tokens of a file without what only tests see: items under `#[cfg(test)]` and `#[test]`.
/// `None` if it is not Rust.
pub fn tokens(text: &str) -> Option<Vec<TokenTree>> {
    Some(without_tests(text.parse().ok()?))
}

/// The strings among the tokens; documentation is one only where `documented`.
pub fn texts(tokens: &[TokenTree], documented: bool) -> Vec<Text> {
    let mut found = Vec::new();
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        match token {
            TokenTree::Group(group) => {
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                if documented || !is_named(inside.first(), "doc") {
                    found.extend(texts(&inside, documented));
                }
            }
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                found.extend(value(&literal.to_string()).map(|text| Text { line, text }));
            }
            _ => {}
        }
    }
    found
}

/// Whether the token is this identifier.
pub fn is_named(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

/// Whether the token is this punctuation.
pub fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn is_root(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    matches!(
        (parts.next(), parts.next(), parts.next()),
        (Some("lib.rs" | "main.rs"), Some("src"), _) | (Some("main.rs"), Some(_), Some("tests"))
    )
}

fn read_crate(tree: &Tree, path: &str) -> Option<Crate> {
    let (folder, _) = path.rsplit_once('/')?;
    let mut found = Crate { folder: folder.to_owned(), ..Crate::default() };
    let mut open = vec![(Vec::new(), path.to_owned(), tokens(text_of(tree, path)?)?)];
    while let Some((name, file, tokens)) = open.pop() {
        let (declared, tokens) = split_modules(tokens);
        for (child, inline) in declared {
            let path: Vec<String> = name.iter().cloned().chain([child]).collect();
            let below = format!("{folder}/{}.rs", path.join("/"));
            match inline {
                Some(tokens) => open.push((path, file.clone(), tokens)),
                // A file under another name is somebody else's module.
                None => {
                    let read = text_of(tree, &below).and_then(self::tokens);
                    open.extend(read.map(|tokens| (path, below, tokens)));
                }
            }
        }
        found.modules.insert(name, Module { file, tokens });
    }
    Some(found)
}

fn text_of<'t>(tree: &'t Tree, path: &str) -> Option<&'t str> {
    std::str::from_utf8(&tree.files.get(path)?.bytes).ok()
}

/// The modules that the tokens declare, with the contents of inline ones, and all other tokens.
fn split_modules(tokens: Vec<TokenTree>) -> (Vec<Declared>, Vec<TokenTree>) {
    let (mut modules, mut others) = (Vec::new(), Vec::new());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let name = match tokens.peek() {
            Some(TokenTree::Ident(name)) if is_named(Some(&token), "mod") => name.to_string(),
            _ => {
                others.push(token);
                continue;
            }
        };
        tokens.next();
        let inline = match tokens.next() {
            Some(TokenTree::Group(body)) => Some(body.stream().into_iter().collect()),
            _ => None,
        };
        modules.push((name, inline));
    }
    (modules, others)
}

fn without_tests(stream: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let for_tests = is_mark(Some(&token), '#') && tokens.peek().is_some_and(is_test_attribute);
        if for_tests {
            // The rest of the item: to its body, or to its semicolon.
            let is_end = |token: &TokenTree| match token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                token => is_mark(Some(token), ';'),
            };
            while tokens.next().is_some_and(|token| !is_end(&token)) {}
            continue;
        }
        kept.push(match token {
            TokenTree::Group(group) => {
                let inside = without_tests(group.stream()).into_iter().collect();
                let mut pruned = proc_macro2::Group::new(group.delimiter(), inside);
                pruned.set_span(group.span());
                TokenTree::Group(pruned)
            }
            token => token,
        });
    }
    kept
}

/// `[test]`, `[cfg(test)]` and `[cfg(all(test, …))]`.
fn is_test_attribute(token: &TokenTree) -> bool {
    let text = token.to_string().replace(' ', "");
    text == "[test]" || text == "[cfg(test)]" || text.starts_with("[cfg(all(test,")
}

/// What a string literal stands for, its escapes undone as far as words go.
fn value(literal: &str) -> Option<String> {
    let open = literal.find('"')?;
    let (prefix, quoted) = literal.split_at(open);
    let inside = quoted.trim_end_matches('#').strip_prefix('"')?.strip_suffix('"')?;
    if prefix.contains('r') {
        return Some(inside.to_owned());
    }
    let mut text = String::new();
    let mut rest = inside.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            // The line goes on below, behind its indentation.
            (_, Some('\n')) => rest = rest.as_str().trim_start().chars(),
            (_, Some('n')) => text.push('\n'),
            (_, Some(escaped)) => text.push(escaped),
            (c, None) => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_see_is_left_out() {
        let check = |text: &str, expected: &str| {
            let kept: TokenStream = tokens(text).unwrap().into_iter().collect();
            let expected: TokenStream = expected.parse().unwrap();
            assert_eq!(kept.to_string(), expected.to_string());
        };
        check("fn a() {}\n#[cfg(test)]\nmod tests;", "fn a() {}");
        check("#[cfg(test)]\nmod tests { fn b() {} }\nfn a() {}", "fn a() {}");
        check("#[test]\n#[ignore = \"x\"]\nfn b() -> X<Y> { c }", "");
        check("mod a { #[cfg(test)] use b::c; fn d() {} }", "mod a { fn d() {} }");
        check("#[cfg(unix)] fn a() {}", "#[cfg(unix)] fn a() {}");
    }

    #[test]
    fn strings_are_read_as_they_are_printed() {
        let check = |text: &str, expected: &[(usize, &str)]| {
            let found = texts(&tokens(text).unwrap(), false);
            let found: Vec<_> = found.iter().map(|text| (text.line, text.text.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("/// Doc \"a\".\nfn f() {\n  g(\"b\"); // \"c\"\n}", &[(3, "b")]);
        check(
            "x!(\"a \\\n    b\\n\\\"c\\\"\", r#\"d\"e\"#, 'f', 1)",
            &[(1, "a b\n\"c\""), (2, "d\"e")],
        );
    }
}
