//! The keys of `image = { … }`.

use format::{Key, Section, Shape, key};

/// The format's key in `[[package]]`.
pub(crate) static KEY: Key = key("image", Shape::Table(&SECTION), "A container image.");

static SECTION: Section = Section {
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
            "git",
            Shape::Flag,
            "Whether the build context holds a `.git`: the commit and the release's tag, no \
             history. The context must be the tree's root, that of the repository. Default: false.",
        ),
        key(
            "from-release",
            Shape::Texts,
            "Packages of this file whose wheels and executables the Dockerfile finds in the build \
             context `release`.",
        ),
        key(
            "base",
            Shape::Choice(&["none"]),
            "`none`: an image from a binary holds the executable and `files`, and nothing else. \
             Default: also certificate authorities, time zones, a user `nonroot` and `/tmp`.",
        ),
        key(
            "files",
            Shape::Paths,
            "Further files of an image from a binary: the path in the image, and the file or \
             folder of the tree that goes there.",
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
