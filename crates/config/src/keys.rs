//! The one table of the configuration's keys: reading, suggestions and the JSON schema follow it.

/// A table of the configuration.
pub(crate) struct Section {
    /// What messages call it.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) about: &'static str,
    /// The keys it may have.
    pub(crate) keys: &'static [Key],
    /// Keys of which exactly one must be there; empty when anything goes.
    pub(crate) one_of: &'static [&'static str],
    /// Keys that must be there.
    pub(crate) required: &'static [&'static str],
}

/// A key.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) about: &'static str,
}

/// What a key's value looks like.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
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
    /// A list of platforms.
    Platforms,
    /// A list of TCP ports.
    Ports,
    /// Names and texts.
    Variables,
    /// A table of its own.
    Table(&'static Section),
    /// A list of tables, written `[[…]]`.
    Tables(&'static Section),
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about }
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
             `Cargo.toml` or `Chart.yaml`. Default: the manifest at the tree's root.",
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
        key(
            "max-legs",
            Shape::Whole(1, 64),
            "Jobs to spread the build over, at most. Default: 16.",
        ),
    ],
    one_of: &[],
    required: &[],
};

static PACKAGE: Section = Section {
    name: "`[[package]]`",
    about: "One package, in up to four formats.",
    keys: &[
        key("name", Shape::Text, "The package's name: letters and digits, `-`, `_`, `.` between."),
        key(
            "version",
            Shape::Text,
            "`own` when the package's manifest says another version than the release, or a \
             version. Default: the release's version.",
        ),
        key("description", Shape::Text, "One line for people. Default: what the manifest says."),
        key("license", Shape::Text, "SPDX licence expression. Default: what the manifest says."),
        key("python", Shape::Table(&PYTHON), "Wheels and a source distribution."),
        key("image", Shape::Table(&IMAGE), "A container image."),
        key("binary", Shape::Table(&BINARY), "Static executables."),
        key("chart", Shape::Table(&CHART), "A Helm chart."),
    ],
    one_of: &[],
    required: &["name"],
};

static PYTHON: Section = Section {
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
        key("requires-python", Shape::Text, "`Requires-Python` of a `meta` package."),
    ],
    one_of: &["path", "meta"],
    required: &[],
};

static IMAGE: Section = Section {
    name: "`image`",
    about: "A container image.",
    keys: &[
        key("from", Shape::Choice(&["binary"]), "`binary`: this package's own executable."),
        key("dockerfile", Shape::Text, "Path of a Dockerfile, built by `docker buildx`."),
        key(
            "context",
            Shape::Text,
            "Folder of the build context. Default: the folder of the Dockerfile.",
        ),
        key("target", Shape::Text, "The Dockerfile's stage to build. Default: the last one."),
        key("build-args", Shape::Variables, "Build arguments of the Dockerfile. Never secrets."),
        key(
            "secrets",
            Shape::Texts,
            "Names of environment variables that the Dockerfile may mount as secrets of those \
             names.",
        ),
        key(
            "from-release",
            Shape::Texts,
            "Packages of this file whose wheels and executables the Dockerfile finds in the build \
             context `release`.",
        ),
        key("name", Shape::Text, "The image's last name part. Default: the package's name."),
        key(
            "user",
            Shape::User,
            "The user it runs as: a number, or `uid:gid`; never root. Default: `65532:65532`.",
        ),
        key("ports", Shape::Ports, "TCP ports it listens on."),
        key("entrypoint", Shape::Texts, "The command it starts. Default: the executable."),
        key("healthcheck", Shape::Texts, "A command that answers 0 when the container is well."),
        key("env", Shape::Variables, "Variables of the image's configuration. Never secrets."),
        key(
            "platforms",
            Shape::Platforms,
            "Platforms, Linux ones only. Default: the executable's Linux platforms, else both.",
        ),
    ],
    one_of: &["from", "dockerfile"],
    required: &[],
};

static BINARY: Section = Section {
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

static CHART: Section = Section {
    name: "`chart`",
    about: "A Helm chart.",
    keys: &[
        key("path", Shape::Text, "Folder of `Chart.yaml`."),
        key(
            "app-version",
            Shape::Text,
            "The appVersion it is packed with. Default: what `Chart.yaml` says, else the \
             package's version.",
        ),
    ],
    one_of: &[],
    required: &["path"],
};

impl Section {
    /// The key called `name`.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}
