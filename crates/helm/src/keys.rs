//! The keys of `chart = { … }`.

use format::{Key, Section, Shape, key};

/// The format's key in `[[package]]`.
pub(crate) static KEY: Key = key("chart", Shape::Table(&SECTION), "A Helm chart.");

static SECTION: Section = Section {
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
