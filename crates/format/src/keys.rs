//! The keys of a configuration as data: reading, suggestions and the JSON schema follow them.

/// A table of the configuration.
#[derive(Debug)]
pub struct Section {
    /// What messages call it.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The keys it may have.
    pub keys: &'static [Key],
    /// Keys of which exactly one must be there; empty when anything goes.
    pub one_of: &'static [&'static str],
    /// Keys that must be there.
    pub required: &'static [&'static str],
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Its spelling.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What it says, in one or two sentences, with its default.
    pub about: &'static str,
}

/// What a key's value looks like.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line of text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number between two, both included.
    Whole(i64, i64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A number, or text such as `65532:65532`.
    User,
    /// A list of texts.
    Texts,
    /// One line of text, or a list of texts.
    TextOrTexts,
    /// A list of platforms.
    Platforms,
    /// A list of TCP ports.
    Ports,
    /// Names and texts.
    Variables,
    /// Absolute paths where something goes, and paths of the tree where it comes from.
    Paths,
    /// A table of its own.
    Table(&'static Section),
    /// A list of tables, written `[[…]]`.
    Tables(&'static Section),
}

/// A key.
#[must_use]
pub const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about }
}
