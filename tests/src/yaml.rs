//! A YAML text as a tree of nodes that know their line: for those who read actions and workflows.
//!
//! Anchors are refused: nothing of ours uses them, and what a reader cannot follow it cannot judge.

use granit_parser::{Event, Parser};

/// One node, and the line it stands on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it starts.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What a node is. A scalar stays text: `true` is `"true"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, a number, a truth, or nothing (the empty text).
    Text(String),
    /// Items.
    List(Vec<Node>),
    /// Keys and values, in the file's order, each key with its line.
    Map(Vec<(String, usize, Node)>),
}

/// A collection that has not ended: its line, its items, a mapping's keys, and the key that waits.
struct Open {
    line: usize,
    is_map: bool,
    items: Vec<Node>,
    keys: Vec<(String, usize)>,
    key: Option<(String, usize)>,
}

/// Reads the first document of `text`; an empty one is an empty mapping.
///
/// # Errors
/// What the parser says, and an alias, with its line.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let line = span.start.line();
        let start = |is_map| Open { line, is_map, items: vec![], keys: vec![], key: None };
        let done = match event {
            Event::Scalar(text, ..) => Some(Node { line, value: Value::Text(text.to_string()) }),
            Event::MappingStart(..) => {
                open.push(start(true));
                None
            }
            Event::SequenceStart(..) => {
                open.push(start(false));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop().map(Open::close),
            Event::Alias(_) => return Err(format!("line {line}: an alias")),
            _ => None,
        };
        let Some(node) = done else { continue };
        match open.last_mut() {
            Some(parent) => parent.take(node),
            None => return Ok(node),
        }
    }
    Ok(Node { line: 1, value: Value::Map(Vec::new()) })
}

impl Open {
    fn take(&mut self, node: Node) {
        match (self.is_map, self.key.take(), &node.value) {
            (true, None, Value::Text(text)) => self.key = Some((text.clone(), node.line)),
            (true, Some(key), _) => {
                self.keys.push(key);
                self.items.push(node);
            }
            _ => self.items.push(node),
        }
    }

    fn close(self) -> Node {
        let value = if self.is_map {
            let pairs = self.keys.into_iter().zip(self.items);
            Value::Map(pairs.map(|((key, line), node)| (key, line, node)).collect())
        } else {
            Value::List(self.items)
        };
        Node { line: self.line, value }
    }
}

impl Node {
    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pairs().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }

    /// The value under a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text under a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text)
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The pairs of a mapping; none of anything else.
    pub fn pairs(&self) -> impl Iterator<Item = &(String, usize, Node)> {
        match &self.value {
            Value::Map(pairs) => pairs.as_slice(),
            _ => &[],
        }
        .iter()
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> impl Iterator<Item = &Node> {
        match &self.value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        }
        .iter()
    }

    /// The names of a mapping's keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.pairs().map(|(key, _, _)| key.as_str())
    }

    /// All texts in it, keys left out, each with its line.
    pub fn texts(&self) -> Vec<(usize, &str)> {
        match &self.value {
            Value::Text(text) => vec![(self.line, text)],
            Value::List(items) => items.iter().flat_map(Node::texts).collect(),
            Value::Map(pairs) => pairs.iter().flat_map(|(_, _, node)| node.texts()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_keeps_order_lines_and_texts() {
        let node = parse("b: 1\na:\n  - x\n  - {c: true, d: }\n").unwrap();
        assert_eq!(node.keys().collect::<Vec<_>>(), ["b", "a"]);
        // What is left out is YAML's null.
        assert_eq!(node.texts(), [(1, "1"), (3, "x"), (4, "true"), (4, "~")]);
        let last = node.get("a").unwrap().items().last().unwrap();
        assert_eq!((last.line, last.text_of("c")), (4, Some("true")));
        assert_eq!(node.at(&["a", "c"]), None);
        assert!(parse("a: &x 1\nb: *x\n").is_err() && parse("a: [1\n").is_err());
    }
}
