//! The keys of `python = { … }`.

use format::{Key, Section, Shape, key};

/// The format's key in `[[package]]`.
pub(crate) static KEY: Key =
    key("python", Shape::Table(&SECTION), "Wheels and a source distribution.");

static SECTION: Section = Section {
    name: "`python`",
    about: "Wheels and a source distribution.",
    keys: &[
        key("path", Shape::Text, "Folder of `pyproject.toml`."),
        key(
            "meta",
            Shape::Text,
            "Names of packages, with `*`: makes a package that holds nothing but exact \
             requirements on them.",
        ),
        key(
            "kind",
            Shape::Choice(&["pure", "pyo3"]),
            "`pyo3` for a maturin project. Default: `pyo3` when the build backend is maturin.",
        ),
        key(
            "platforms",
            Shape::Platforms,
            "Platforms with wheels, of `pyo3` projects. Default: both Linux platforms.",
        ),
        key(
            "pythons",
            Shape::Texts,
            "Interpreters to build for, such as `3.12`, of `pyo3` projects without the stable ABI.",
        ),
        key("env", Shape::Variables, "Variables added to the build's environment. Never secrets."),
        key(
            "repack",
            Shape::Flag,
            "Whether the backend's archives are packed again deterministically. Default: true.",
        ),
        key(
            "build-cutoff",
            Shape::Text,
            "The time after which no build dependency may have been published: `commit`, `none`, \
             or a date. Default: the commit's time, and none where nothing can be built by it.",
        ),
        key("requires-python", Shape::Text, "`Requires-Python` of a `meta` package."),
    ],
    one_of: &["path", "meta"],
    required: &[],
};
