//! From the parser's events to a tree, without recursion and within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};
use model::{Budget, Code, Diagnostic, Location};

use super::{MAX_DEPTH, MAX_NODES, Node, Style, Value};
use crate::codes;

/// A collection whose end has not been seen.
struct Open {
    node: Node,
    anchor: usize,
    /// A mapping's key whose value is still missing.
    key: Option<Node>,
    /// The depth of nesting, itself included.
    depth: usize,
    size: Size,
}

/// A node that an anchor names, with its measures.
struct Anchored {
    node: Node,
    depth: usize,
    size: Size,
}

/// What a node and all below it take, aliases as what they stand for.
#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    /// In memory.
    bytes: usize,
}

impl Size {
    /// That of a node with this much text of its own.
    fn of(text: &str) -> Self {
        let text = if text.is_empty() { 0 } else { text.len() + ALLOCATION_BYTES };
        Self { nodes: 1, bytes: NODE_BYTES + text }
    }

    fn add(&mut self, other: Self) {
        self.nodes += other.nodes;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// Bytes of a node without its text.
const NODE_BYTES: usize = size_of::<Node>();

/// Bytes that a text takes beside its own, on average.
const ALLOCATION_BYTES: usize = 24;

struct Loader<'t> {
    budget: &'t Budget,
    file: &'t str,
    text: &'t str,
    /// Bytes of the byte order mark, which the parser does not see.
    skipped: usize,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    root: Option<Node>,
    nodes: usize,
    repeated: Option<Diagnostic>,
}

/// The first document, and the first key in it that appears twice. Every node and its text are
/// taken from `budget`, those below an alias once for each alias.
pub(super) fn first_document(
    file: &str,
    text: &str,
    budget: &Budget,
) -> Result<(Option<Node>, Option<Diagnostic>), Diagnostic> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut loader = Loader {
        budget,
        file,
        text,
        skipped: text.len() - body.len(),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        root: None,
        nodes: 0,
        repeated: None,
    };
    for event in Parser::new_from_str(body) {
        let (event, span) = event.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(0) + loader.skipped;
            loader.problem(&codes::YAML_SYNTAX, &error.info(), offset)
        })?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            break;
        }
        loader.take(event, span)?;
    }
    Ok((loader.root.filter(|root| !root.is_null()), loader.repeated))
}

impl Loader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        let range = self.range(span);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let size = Size::of(&text);
                let value = Value::Scalar { text: text.into_owned(), style: written(style) };
                self.place(Node { value, span: range, alias: None, flow: false }, anchor, 1, size)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Value::Sequence(Vec::new()), style, range, anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Value::Mapping(Vec::new()), style, range, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            Event::Alias(id) => self.alias(id, range),
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        value: Value,
        style: StructureStyle,
        span: std::ops::Range<usize>,
        anchor: usize,
    ) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.problem(&codes::YAML_TOO_DEEP, "nested too deeply", span.start));
        }
        let flow = style == StructureStyle::Flow;
        let node = Node { value, span, alias: None, flow };
        self.open.push(Open { node, anchor, key: None, depth: 1, size: Size::of("") });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Diagnostic> {
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        open.node.span.end = end.max(open.node.span.start);
        if let Value::Sequence(items) = &mut open.node.value {
            items.shrink_to_fit();
        }
        if let Value::Mapping(entries) = &mut open.node.value {
            let (kept, repeated) = last_of_each(mem::take(entries));
            *entries = kept;
            // A vector of one entry has space for four, and a text may have thousands of them.
            entries.shrink_to_fit();
            if let (None, Some((text, offset))) = (&self.repeated, repeated) {
                let message = format!("the key `{text}` appears twice, and the last one counts");
                self.repeated = Some(
                    Diagnostic::new(&codes::YAML_DUPLICATE_KEY, message)
                        .at(Location::at(self.file, self.text, offset))
                        .help("remove the others"),
                );
            }
        }
        self.place(open.node, open.anchor, open.depth, open.size)
    }

    fn alias(&mut self, id: usize, span: std::ops::Range<usize>) -> Result<(), Diagnostic> {
        let Some(target) = self.anchors.get(&id) else {
            let message = "an alias of a value that contains it";
            return Err(self.problem(&codes::YAML_ALIAS, message, span.start));
        };
        let (depth, size) = (target.depth, target.size);
        // Checked before the copy is made, which a decompression bomb would exploit.
        if self.nodes + size.nodes > MAX_NODES {
            return Err(self.problem(
                &codes::YAML_TOO_LARGE,
                "too many nodes after expanding aliases",
                span.start,
            ));
        }
        self.spend(size.bytes)?;
        let node = Node { span, alias: Some(id), ..target.node.clone() };
        self.place(node, 0, depth, size)
    }

    fn place(
        &mut self,
        node: Node,
        anchor: usize,
        depth: usize,
        size: Size,
    ) -> Result<(), Diagnostic> {
        let start = node.span.start;
        if node.alias.is_some() {
            self.nodes += size.nodes;
        } else {
            // What is below it was counted when it was placed.
            self.nodes += 1;
            let text = match &node.value {
                Value::Scalar { text, .. } => text,
                _ => "",
            };
            self.spend(Size::of(text).bytes)?;
        }
        if self.nodes > MAX_NODES {
            return Err(self.problem(&codes::YAML_TOO_LARGE, "more than 500,000 values", start));
        }
        if self.open.len() + depth > MAX_DEPTH {
            return Err(self.problem(&codes::YAML_TOO_DEEP, "nested too deeply", start));
        }
        if anchor != 0 {
            self.spend(size.bytes)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), depth, size });
            self.nodes += size.nodes;
        }
        let Some(parent) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        parent.depth = parent.depth.max(depth + 1);
        parent.size.add(size);
        match (&mut parent.node.value, parent.key.take()) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some(key)) => entries.push((key, node)),
            (Value::Mapping(_), None) => parent.key = Some(node),
            (Value::Scalar { .. }, _) => {}
        }
        Ok(())
    }

    fn spend(&self, bytes: usize) -> Result<(), Diagnostic> {
        self.budget.spend_len(bytes).map_err(|exhausted| exhausted.problem(self.file))
    }

    /// The bytes of the whole text for `span`, which counts from after the byte order mark.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let at = |marker: granit_parser::Marker| marker.byte_offset().unwrap_or(0) + self.skipped;
        at(span.start)..at(span.end)
    }

    fn problem(&self, code: &'static Code, message: &str, offset: usize) -> Diagnostic {
        Diagnostic::new(code, format!("cannot read the YAML: {message}"))
            .at(Location::at(self.file, self.text, offset))
    }
}

type Entries = Vec<(Node, Node)>;

/// The entries without those whose key comes again, as Helm reads them, and the first key that
/// does: its text, and where it comes again.
fn last_of_each(entries: Entries) -> (Entries, Option<(String, usize)>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut gone = BTreeSet::new();
    let mut repeated = None;
    for (at, (key, _)) in entries.iter().enumerate() {
        let Some(text) = key.text().filter(|text| *text != "<<") else { continue };
        if let Some(before) = seen.insert(text, at) {
            gone.insert(before);
            repeated.get_or_insert_with(|| (text.to_owned(), key.span.start));
        }
    }
    if gone.is_empty() {
        return (entries, None);
    }
    let kept = entries.into_iter().enumerate().filter(|(at, _)| !gone.contains(at));
    (kept.map(|(_, entry)| entry).collect(), repeated)
}

fn written(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        _ => Style::Block,
    }
}
