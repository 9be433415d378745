//! The keys of `chart = { … }`.

use format::{Key, Section, Shape, key};

use crate::spec::Lint;

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
        key(
            "values",
            Shape::Texts,
            "Files of values that `helm lint` and `helm template` check it with: paths in the \
             chart's folder, else in the tree. It must render with them. Default: its own values, \
             then each of `ci/*-values.yaml`.",
        ),
        key(
            "kube-version",
            Shape::Text,
            "The Kubernetes version that it is checked for, such as `1.30.0`. Default: the newest \
             that its `kubeVersion` allows.",
        ),
        key(
            "lint",
            Shape::Choice(Lint::WORDS),
            "What Helm's checks mean: `error` stops it for all that they find, `warn` for nothing, \
             `off` does not run them. Default: what no values can mend stops it, and with `values` \
             what does not render; all else is shown.",
        ),
    ],
    one_of: &[],
    required: &["path"],
};
