//! What is inside of an artifact: components by package URL, and how they hang together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Digest;

use crate::Supplier;

/// All that was found inside of an artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// What the artifact says about itself.
    pub about: About,
    /// By package URL.
    pub components: BTreeMap<String, Component>,
    /// How they hang together.
    pub edges: BTreeSet<Edge>,
    /// Requirements that no exact version is known for, as written.
    pub unresolved: BTreeSet<String>,
    /// What a person should know about how complete this is.
    pub notes: BTreeSet<String>,
}

/// What an artifact says about itself. Empty where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Its name; the package's when empty.
    pub name: String,
    /// Its licence.
    pub license: String,
    /// Who made it, when no repository tells.
    pub author: String,
}

/// Something inside of an artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Component {
    /// Its name, as its ecosystem writes it.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Who it comes from.
    pub supplier: Supplier,
    /// Its licence as its authors wrote it; empty when not known.
    pub license: String,
    /// SHA-256 of the file it comes as.
    pub digest: Option<Digest>,
    /// `h1:…` of `go.sum`: a hash over a list of hashes (Go's dirhash), which is no checksum of
    /// any file and therefore cannot stand among those.
    pub go_sum: String,
    /// What it is for.
    pub purpose: Purpose,
    /// What a person should know about it.
    pub comment: String,
}

/// What a component is for (SPDX 2.3, 7.24).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Part of something else.
    #[default]
    Library,
    /// A program.
    Application,
    /// A container image.
    Container,
    /// Something that installs.
    Install,
    /// A distribution that other things are parts of.
    OperatingSystem,
}

/// Two things that hang together. Names are shared: a file that contains thousands of things would
/// repeat its own in each of their edges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Package URL; nothing stands for the artifact itself.
    pub from: Option<Arc<str>>,
    /// How.
    pub link: Link,
    /// Package URL.
    pub to: Arc<str>,
}

/// How two things hang together (SPDX 2.3, 11.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// The one is a file in the other.
    Contains,
    /// The one needs the other.
    DependsOn,
}

impl Contents {
    /// Nothing inside, and why nothing is known.
    #[must_use]
    pub fn unknown(note: &str) -> Self {
        Self { notes: BTreeSet::from([note.to_owned()]), ..Self::default() }
    }

    /// Adds a component. One that is there already takes what it lacks from the new one.
    pub fn add(&mut self, purl: impl Into<String>, component: Component) {
        match self.components.entry(purl.into()) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(component);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                entry.get_mut().complete(component);
            }
        }
    }

    /// Joins two things; an edge from a thing to itself says nothing and is left out.
    pub fn join(&mut self, from: Option<&str>, link: Link, to: &str) {
        if from != Some(to) {
            let (from, to) = (from.map(Arc::from), Arc::from(to));
            self.edges.insert(Edge { from, link, to });
        }
    }

    /// Takes in what another source says about the same artifact.
    pub fn merge(&mut self, other: Self) {
        self.about.complete(other.about);
        for (purl, component) in other.components {
            self.add(purl, component);
        }
        self.edges.extend(other.edges);
        self.unresolved.extend(other.unresolved);
        self.notes.extend(other.notes);
    }

    /// Takes in a file that is inside, with what is inside of that.
    pub fn contain(&mut self, purl: &str, component: Component, inner: Self) {
        self.add(purl, component);
        self.join(None, Link::Contains, purl);
        for (inner_purl, component) in inner.components {
            self.add(inner_purl, component);
        }
        let own: Arc<str> = Arc::from(purl);
        for Edge { from, link, to } in inner.edges {
            let from = from.unwrap_or_else(|| Arc::clone(&own));
            if from != to {
                self.edges.insert(Edge { from: Some(from), link, to });
            }
        }
        self.unresolved.extend(inner.unresolved);
        self.notes.extend(inner.notes);
    }

    /// The edges between components that are there, with every component reached from the
    /// artifact: what no source hangs anywhere, the artifact itself depends on.
    pub(crate) fn connected(&self) -> BTreeSet<Edge> {
        let there = |purl: &Arc<str>| self.components.contains_key(&**purl);
        let mut edges: BTreeSet<Edge> = self
            .edges
            .iter()
            .filter(|edge| edge.from.as_ref().is_none_or(there) && there(&edge.to))
            .cloned()
            .collect();
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut by_source: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for edge in self.edges.iter().filter(|edge| there(&edge.to)) {
            by_source.entry(edge.from.as_deref()).or_default().push(&edge.to);
        }
        walk(None, &by_source, &mut reached);
        // Those that nothing points at first, so that a root of its own is hung up as one.
        let pointed_at: BTreeSet<&str> =
            self.edges.iter().filter(|e| e.from.is_some()).map(|e| &*e.to).collect();
        let (inner, heads): (Vec<&String>, Vec<&String>) =
            self.components.keys().partition(|purl| pointed_at.contains(purl.as_str()));
        for purl in heads.into_iter().chain(inner) {
            if reached.insert(purl) {
                edges.insert(Edge {
                    from: None,
                    link: Link::DependsOn,
                    to: Arc::from(purl.as_str()),
                });
                walk(Some(purl), &by_source, &mut reached);
            }
        }
        edges
    }
}

impl About {
    fn complete(&mut self, other: Self) {
        fill(&mut self.name, other.name);
        fill(&mut self.license, other.license);
        fill(&mut self.author, other.author);
    }
}

impl Component {
    fn complete(&mut self, other: Self) {
        fill(&mut self.license, other.license);
        fill(&mut self.go_sum, other.go_sum);
        fill(&mut self.comment, other.comment);
        self.digest = self.digest.or(other.digest);
        if self.supplier == Supplier::Unknown {
            self.supplier = other.supplier;
        }
    }
}

fn fill(text: &mut String, other: String) {
    if text.is_empty() {
        *text = other;
    }
}

/// Everything that `from` leads to; each thing is looked at once, so circles end.
fn walk<'e>(
    from: Option<&'e str>,
    by_source: &BTreeMap<Option<&'e str>, Vec<&'e str>>,
    reached: &mut BTreeSet<&'e str>,
) {
    let mut waiting = vec![from];
    while let Some(next) = waiting.pop() {
        for to in by_source.get(&next).into_iter().flatten() {
            if reached.insert(to) {
                waiting.push(Some(to));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Component {
        Component { name: name.to_owned(), ..Component::default() }
    }

    fn arrows(edges: &BTreeSet<Edge>) -> String {
        let arrow = |edge: &Edge| format!("{}>{}", edge.from.as_deref().unwrap_or("."), edge.to);
        edges.iter().map(arrow).collect::<Vec<_>>().join(" ")
    }

    fn check(edges: &[(&str, &str)], expected: &str) {
        let mut contents = Contents::default();
        for name in ["a", "b", "c"] {
            contents.add(name, named(name));
        }
        for (from, to) in edges {
            contents.join((*from != ".").then_some(*from), Link::DependsOn, to);
        }
        assert_eq!(arrows(&contents.connected()), expected, "{edges:?}");
    }

    #[test]
    fn every_component_hangs_on_the_artifact() {
        check(&[], ".>a .>b .>c");
        check(&[(".", "a"), ("a", "b"), ("b", "c")], ".>a a>b b>c");
        check(&[("c", "b"), ("b", "a")], ".>c b>a c>b");
        check(&[("a", "b"), ("b", "c"), ("c", "a")], ".>a a>b b>c c>a");
        check(&[(".", "gone"), ("gone", "a"), (".", "b"), (".", "c")], ".>a .>b .>c");
        check(&[("a", "a"), (".", "a"), (".", "b"), (".", "c")], ".>a .>b .>c");
    }

    #[test]
    fn what_is_inside_of_a_file_hangs_on_that_file() {
        let mut inner = Contents::default();
        inner.add("a", named("a"));
        inner.join(None, Link::DependsOn, "a");
        inner.unresolved.insert("b >= 1".to_owned());
        let mut outer = Contents::default();
        outer.contain("file", named("file"), inner);
        assert_eq!(arrows(&outer.connected()), ".>file file>a");
        assert_eq!(outer.unresolved.len(), 1);
    }

    #[test]
    fn a_component_takes_what_it_lacks_from_another_source() {
        let digest = Some(Digest::of(b"a"));
        let mut contents = Contents::default();
        contents.add("a", Component { license: "MIT".to_owned(), ..named("a") });
        contents.add("a", Component { digest, license: "ISC".to_owned(), ..named("A") });
        let merged = Component { digest, license: "MIT".to_owned(), ..named("a") };
        assert_eq!(contents.components["a"], merged);
    }
}
