//! The configuration's own keys. Those of formats come with the formats.

use format::{Key, Section, Shape, key};

/// The keys of a configuration: this crate's own, and those that formats add to a package.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'f> {
    pub(crate) formats: &'f [&'static Key],
}

impl<'f> Keys<'f> {
    /// The keys that `section` may have.
    pub(crate) fn of(
        self,
        section: &'static Section,
    ) -> impl Iterator<Item = &'static Key> + Clone {
        let more = if section.name == PACKAGE.name { self.formats } else { &[] };
        section.keys.iter().chain(more.iter().copied())
    }

    /// The key of `section` called `name`.
    pub(crate) fn find(self, section: &'static Section, name: &str) -> Option<&'static Key> {
        self.of(section).find(|key| key.name == name)
    }
}

/// The file as a whole.
pub(crate) static ROOT: Section = Section {
    name: "the file",
    about: "What a repository ships: its packages, each in up to four formats.",
    keys: &[
        key("release", Shape::Table(&RELEASE), "What holds for the whole release."),
        key("package", Shape::Tables(&PACKAGE), "One package, in up to four formats."),
    ],
    one_of: &[],
    required: &["package"],
};

static RELEASE: Section = Section {
    name: "`[release]`",
    about: "What holds for the whole release.",
    keys: &[
        key(
            "tag",
            Shape::Text,
            "The git tag; `{version}` stands for the release's version. Default: `v{version}`.",
        ),
        key(
            "version",
            Shape::Text,
            "The release's version, or the path of the manifest that says it: a `pyproject.toml`, \
             `setup.cfg`, `setup.py`, `Cargo.toml` or `Chart.yaml`; or `git-tag` for what the tag \
             on the commit says. Default: the manifest at the tree's root.",
        ),
        key(
            "registry",
            Shape::Text,
            "Where images go, such as `ghcr.io/owner`. Default: `ghcr.io/` and the owner of a \
             GitHub `repository`, else `localhost`.",
        ),
        key(
            "charts",
            Shape::Text,
            "Where charts go, without `oci://`. Default: `registry` and `/helm-charts`.",
        ),
        key("repository", Shape::Text, "The repository's web address: `https://…`."),
        key("submodules", Shape::Table(&SUBMODULES), "What holds for submodules."),
        key(
            "max-legs",
            Shape::Whole(1, 64),
            "Jobs to spread the build over, at most. Default: 16.",
        ),
        key(
            "out",
            Shape::Text,
            "The folder of the tree that the release is written to; `--out` names another. It is \
             never part of the sources. Default: `dist`.",
        ),
    ],
    one_of: &[],
    required: &[],
};

static SUBMODULES: Section = Section {
    name: "`submodules`",
    about: "What holds for submodules.",
    keys: &[key(
        "ignore",
        Shape::Texts,
        "Paths of submodules, with `*`, whose files are not part of the tree, whatever is checked \
         out there.",
    )],
    one_of: &[],
    required: &[],
};

pub(crate) static PACKAGE: Section = Section {
    name: "`[[package]]`",
    about: "One package, in up to four formats.",
    keys: &[
        key("name", Shape::Text, "The package's name: letters and digits, `-`, `_`, `.` between."),
        key(
            "version",
            Shape::Text,
            "`own` when the package's manifest says another version than the release, `git-tag` \
             for what the tag on the commit says, or a version. Default: the release's version.",
        ),
        key("description", Shape::Text, "One line for people. Default: what the manifest says."),
        key("license", Shape::Text, "SPDX licence expression. Default: what the manifest says."),
    ],
    one_of: &[],
    required: &["name"],
};
