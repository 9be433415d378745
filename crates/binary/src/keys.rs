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
        key(
            "ldflags",
            Shape::TextOrTexts,
            "Go: flags of the linker after `-s -w`, as `go build -ldflags` takes them; several are \
             joined with spaces. `{version}`, `{commit}`, `{date}` (the commit's time, RFC 3339) \
             stand for the release's. Default: `-X main.version={version}` and the same for \
             `main.commit` and `main.date`, each where there is such a variable of type `string`.",
        ),
        key("tags", Shape::Texts, "Go: build tags."),
        key(
            "features",
            Shape::Texts,
            "Rust: features of the package, besides those that the binary requires.",
        ),
        key(
            "default-features",
            Shape::Flag,
            "Rust: whether the package's default features are built. Default: `true`.",
        ),
        key("bin", Shape::Text, "Name of the Cargo binary target, when there are several."),
        key("name", Shape::Text, "The executable's name in file names. Default: the package's."),
        key("platforms", Shape::Platforms, "Platforms. Default: all five."),
        key("env", Shape::Variables, "Variables added to the build's environment. Never secrets."),
    ],
    one_of: &["go", "rust"],
    required: &[],
};
