//! The keys of `binary = { … }`.

use format::{Key, Section, Shape, key};

/// The format's key in `[[package]]`.
pub(crate) static KEY: Key = key("binary", Shape::Table(&SECTION), "Static executables.");

static SECTION: Section = Section {
    name: "`binary`",
    about: "Static executables.",
    keys: &[
        key("go", Shape::Text, "Folder of a Go main package."),
        key("rust", Shape::Text, "Folder of a Cargo package."),
        key("bin", Shape::Text, "Name of the Cargo binary target, when there are several."),
        key("name", Shape::Text, "The executable's name in file names. Default: the package's."),
        key("platforms", Shape::Platforms, "Platforms. Default: all five."),
        key("env", Shape::Variables, "Variables added to the build's environment. Never secrets."),
    ],
    one_of: &["go", "rust"],
    required: &[],
};
