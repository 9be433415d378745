//! No two sibling modules use each other, directly or through others of their siblings. A parent
//! and its child may.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenTree;

use super::source::{self, Crate, Module, is_mark, is_named};
use super::tree::Tree;

/// Cycles that are still there. One that is gone must leave this list too.
const KNOWN: &[&[&str]] = &[];

/// Re-exports that one name is followed through.
const MAX_REEXPORTS: usize = 8;

/// A path of one module's source, in its segments, and the line that it is on.
struct Used {
    path: Vec<String>,
    line: usize,
    /// Under which name an import makes it known; `None` for a path elsewhere, and for `*`.
    name: Option<String>,
}

/// The modules of one crate with their paths.
struct Uses<'c> {
    modules: &'c BTreeMap<Vec<String>, Module>,
    used: BTreeMap<&'c [String], Vec<Used>>,
}

/// Which child of a module uses which other, and where, for one example.
type Edges = BTreeMap<(String, String), String>;

pub fn check(tree: &Tree) -> Vec<String> {
    compare(&cycles(tree), KNOWN)
}

fn compare(found: &BTreeMap<String, String>, known: &[&[&str]]) -> Vec<String> {
    let known: Vec<String> = known.iter().map(|cycle| cycle.join(" <-> ")).collect();
    let new = found.iter().filter(|(cycle, _)| !known.contains(*cycle));
    let gone = known.iter().filter(|cycle| !found.contains_key(*cycle));
    new.map(|(cycle, told)| format!("{cycle} use each other:\n{told}"))
        .chain(gone.map(|cycle| format!("{cycle}: is no longer a cycle, take it off the list")))
        .collect()
}

/// Each cycle as `a <-> b`, with the lines that make it.
fn cycles(tree: &Tree) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for one in source::crates(tree) {
        for (parent, edges) in siblings(&one) {
            for members in rings(&edges) {
                let inside = |(from, to): &(String, String)| {
                    members.contains(from.as_str()) && members.contains(to.as_str())
                };
                let told = edges.iter().filter(|(edge, _)| inside(edge));
                let told: Vec<String> =
                    told.map(|((from, to), at)| format!("  {from} -> {to}: {at}")).collect();
                let name = members.iter().copied().collect::<Vec<_>>().join(" <-> ");
                let parent = format!("  in {} {}\n", one.folder, parent.join("::"));
                found.insert(name, parent + &told.join("\n"));
            }
        }
    }
    found
}

/// For each module, the edges between its children.
fn siblings(one: &Crate) -> BTreeMap<Vec<String>, Edges> {
    let used = one.modules.iter().map(|(name, module)| (name.as_slice(), paths(&module.tokens)));
    let uses = Uses { modules: &one.modules, used: used.collect() };
    let mut found: BTreeMap<Vec<String>, Edges> = BTreeMap::new();
    for (from, module) in &one.modules {
        for used in &uses.used[from.as_slice()] {
            let Some(to) = uses.target(from, &used.path, MAX_REEXPORTS) else { continue };
            let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if let (Some(one), Some(other)) = (from.get(common), to.get(common)) {
                let edges = found.entry(from[..common].to_vec()).or_default();
                let at = format!("{}:{}", module.file, used.line);
                edges.entry((one.clone(), other.clone())).or_insert(at);
            }
        }
    }
    found
}

impl Uses<'_> {
    /// The module that holds what `path` means in the module `from`; `None` outside of the crate.
    fn target(&self, from: &[String], path: &[String], left: usize) -> Option<Vec<String>> {
        let mut at = from.to_vec();
        let mut rest = path;
        let mut started = false;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()?),
                _ => break,
            }
            (rest, started) = (after, true);
        }
        while let [first, after @ ..] = rest {
            let child: Vec<String> = at.iter().chain([first]).cloned().collect();
            if !self.modules.contains_key(&child) {
                break;
            }
            (at, rest, started) = (child, after, true);
        }
        // What a module imports can be reached through it.
        let import = rest.first().filter(|_| left > 0 && (!started || at != from));
        let import = import.and_then(|name| {
            let used = self.used.get(at.as_slice())?.iter();
            used.filter(|used| used.name.as_ref() == Some(name)).find(|used| used.path != path)
        });
        match import {
            Some(used) => {
                let whole = [&used.path, rest.get(1..).unwrap_or_default()].concat();
                self.target(&at, &whole, left - 1).or_else(|| started.then_some(at))
            }
            None => started.then_some(at),
        }
    }
}

/// Groups of more than one that reach each other.
fn rings(edges: &Edges) -> BTreeSet<BTreeSet<&str>> {
    let reach = |start: &str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(next) = open.pop() {
            for (_, to) in edges.keys().filter(|(from, _)| *from == next) {
                if reached.insert(to) {
                    open.push(to.clone());
                }
            }
        }
        reached
    };
    let names: BTreeSet<&str> = edges.keys().map(|(from, _)| from.as_str()).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        names.iter().map(|name| (*name, reach(name))).collect();
    let ring = |name: &&str| {
        let back = |other: &&&str| reached.get(**other).is_some_and(|set| set.contains(name));
        let ring: BTreeSet<&str> = reached[name].iter().filter(back).copied().collect();
        ring.contains(name).then_some(ring)
    };
    names.iter().filter_map(ring).collect()
}

/// All paths of a module: its imports, and others that start at `crate`, `self` or `super`.
fn paths(tokens: &[TokenTree]) -> Vec<Used> {
    let mut found = Vec::new();
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        if is_named(Some(token), "use") {
            let end = after.iter().position(|token| is_mark(Some(token), ';'));
            let (tree, after) = after.split_at(end.unwrap_or(after.len()));
            imports(&[], tree, &mut found);
            rest = after;
            continue;
        }
        let path = plain_path(rest);
        if let TokenTree::Group(group) = token {
            found.extend(paths(&group.stream().into_iter().collect::<Vec<_>>()));
        } else if path.first().is_some_and(|first| ["crate", "self", "super"].contains(&&**first)) {
            // The path's end is ours too: `::` and a name for each segment.
            rest = rest.get(path.len() * 3 - 2..).unwrap_or_default();
            found.push(Used { path, line: token.span().start().line, name: None });
            continue;
        }
        rest = after;
    }
    found
}

/// `a::b::c` at the start of the tokens, in its segments.
fn plain_path(tokens: &[TokenTree]) -> Vec<String> {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(name), after @ ..] = rest {
        path.push(name.to_string());
        match after {
            [one, two, after @ ..] if is_mark(Some(one), ':') && is_mark(Some(two), ':') => {
                rest = after;
            }
            _ => break,
        }
    }
    path
}

/// The paths of one import, which may be a tree.
fn imports(before: &[String], tokens: &[TokenTree], found: &mut Vec<Used>) {
    let steps = plain_path(tokens);
    let line = tokens.first().map_or(0, |token| token.span().start().line);
    let rest = tokens.get(steps.len() * 3..).unwrap_or_default();
    let path: Vec<String> = before.iter().chain(&steps).cloned().collect();
    match rest {
        [TokenTree::Group(group)] => {
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            let parts = inside.split(|token| is_mark(Some(token), ','));
            parts.filter(|part| !part.is_empty()).for_each(|part| imports(&path, part, found));
        }
        [star] if is_mark(Some(star), '*') => found.push(Used { path, line, name: None }),
        _ => {
            // `a as b` ends without `::`, so `rest` is cut short; its last word is the name.
            let name = match tokens.last() {
                Some(TokenTree::Ident(name)) if name != "self" => Some(name.to_string()),
                _ => path.iter().rev().find(|step| *step != "self").cloned(),
            };
            let path = match path.split_last() {
                Some((last, parents)) if last == "self" && !parents.is_empty() => parents.to_vec(),
                _ => path,
            };
            found.push(Used { path, line, name });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_use_each_other_are_found() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let found = cycles(&Tree::of(files));
            assert_eq!(found.keys().collect::<Vec<_>>(), expected, "{files:?}: {found:?}");
        };
        let root = ("x/src/lib.rs", "mod a; mod b; mod c;");
        let with = |a: &'static str, b: &'static str, c: &'static str| {
            [root, ("x/src/a.rs", a), ("x/src/b.rs", b), ("x/src/c.rs", c)]
        };
        check(&with("use crate::b::B;", "use crate::c;", "use std::a;"), &[]);
        check(&with("use crate::b::B;", "use super::a;", ""), &["a <-> b"]);
        check(&with("use crate::{b::B, c::*};", "", "use crate::b::{self, a};"), &[]);
        check(
            &with("use crate::{c::{self as d}};", "use super::a;", "fn f() { crate::b::g() }"),
            &["a <-> b <-> c"],
        );
        check(&with("fn f() { super::b::x }", "type X = [u8; crate::a::N];", ""), &["a <-> b"]);
        check(&with("use crate::b;", "#[cfg(test)] mod tests { use crate::a; }", ""), &[]);
        check(
            &with("use crate::b;", "// use crate::a;\nconst X: &str = \"crate::a::X\";", ""),
            &[],
        );
    }

    #[test]
    fn parent_and_child_may_use_each_other_and_a_name_is_followed_to_its_module() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let found = cycles(&Tree::of(files));
            assert_eq!(found.keys().collect::<Vec<_>>(), expected, "{files:?}: {found:?}");
        };
        let a = ("x/src/a.rs", "use super::B;");
        check(&[("x/src/lib.rs", "mod a; use a::A; struct B;"), a], &[]);
        let root = ("x/src/lib.rs", "mod a; mod b; pub use b::B;");
        check(&[root, a, ("x/src/b.rs", "use crate::a::A;")], &["a <-> b"]);
        check(
            &[root, a, ("x/src/b.rs", "mod c;"), ("x/src/b/c.rs", "use crate::a;")],
            &["a <-> b"],
        );
        check(&[root, a, ("x/src/b.rs", "mod c { use crate::a; }")], &["a <-> b"]);
        let main = ("x/tests/y/main.rs", "mod a; mod b;");
        check(
            &[main, ("x/tests/y/a.rs", "use crate::b;"), ("x/tests/y/b.rs", "use crate::a;")],
            &["a <-> b"],
        );
        check(&[("examples/x/src/lib.rs", "mod a; mod b;")], &[]);
    }

    #[test]
    fn a_known_cycle_that_is_gone_is_told() {
        let found = BTreeMap::from([("a <-> b".to_owned(), String::new())]);
        assert_eq!(compare(&found, &[&["a", "b"]]), [""; 0]);
        assert_eq!(compare(&found, &[&["c", "d"], &["a", "b"]]).len(), 1);
        assert_eq!(compare(&found, &[]).len(), 1);
    }
}
