//! What this crate finds wrong with Helm charts and their YAML files, as declared codes.

model::codes! {
    /// The chart's `apiVersion` is not one that Helm packs, or is that of Helm 2.
    CHART_API_VERSION = "chart-api-version", Invalid;
    /// Two dependencies of a chart have one name or alias, or an alias that Helm does not allow.
    CHART_DEPENDENCY_ALIAS = "chart-dependency-alias", Invalid;
    /// A declared dependency is not in the chart's `charts/` folder.
    CHART_DEPENDENCY_MISSING = "chart-dependency-missing", Invalid;
    /// A file of the chart has a name that Helm cannot unpack.
    CHART_FILE_NAME = "chart-file-name", Invalid;
    /// Two files of the chart have names that differ only in case.
    CHART_FILE_TWIN = "chart-file-twin", Invalid;
    /// The chart's folder is not named after the chart.
    CHART_FOLDER_NAME = "chart-folder-name", Invalid, warning;
    /// The `kube-version` of a chart is not a version of Kubernetes.
    CHART_KUBE_VERSION = "chart-kube-version", Invalid;
    /// The archive does not consist of exactly one chart folder.
    CHART_LAYOUT = "chart-layout", Invalid;
    /// A dependency in `charts/` has another version than `Chart.lock` pins.
    CHART_LOCK_DIFFERS = "chart-lock-differs", Differs, warning;
    /// The chart's `Chart.lock` is out of sync with the dependencies in `Chart.yaml`.
    CHART_LOCK_STALE = "chart-lock-stale", Invalid, warning;
    /// A maintainer of the chart has no `name`.
    CHART_MAINTAINER = "chart-maintainer", Invalid, warning;
    /// The chart's manifest differs from the one that `helm push` would make.
    CHART_MANIFEST = "chart-manifest", Differs;
    /// The `import-values` of a dependency cannot be written as JSON.
    CHART_METADATA = "chart-metadata", Invalid;
    /// The chart's name or version is not the one of its configuration, folder or file name.
    CHART_NAME_DIFFERS = "chart-name-differs", Differs;
    /// The `Chart.yaml` does not name the chart.
    CHART_NO_NAME = "chart-no-name", Invalid;
    /// The first YAML document of a chart's file is not a mapping.
    CHART_NOT_A_MAPPING = "chart-not-a-mapping", Invalid;
    /// A text file of the chart is not UTF-8.
    CHART_NOT_UTF8 = "chart-not-utf8", Invalid;
    /// The name or version of the chart differs from its reference.
    CHART_OTHER = "chart-other", Differs;
    /// The chart has no README, or `.helmignore` excludes it.
    CHART_README = "chart-readme", Invalid, warning;
    /// The chart's `values.schema.json` is not a valid JSON schema.
    CHART_SCHEMA = "chart-schema", Invalid;
    /// The chart's sealed manifest is not the one that would be pushed.
    CHART_SEALED = "chart-sealed", Differs;
    /// An entry of the chart's `charts/` folder is not a chart.
    CHART_SUBCHART = "chart-subchart", Invalid;
    /// The chart or one of its files exceeds the size that Helm loads.
    CHART_TOO_LARGE = "chart-too-large", Invalid;
    /// The chart's `type` is neither `application` nor `library`.
    CHART_TYPE = "chart-type", Invalid;
    /// A version in `Chart.yaml` is written in a way that cannot be edited in place.
    CHART_UNCLEAR_VERSION = "chart-unclear-version", Invalid;
    /// A file of values that a chart is to be checked with is not in the tree.
    CHART_VALUES = "chart-values", Invalid;
    /// The chart's version is not a valid SemVer version.
    CHART_VERSION = "chart-version", Invalid;
    /// The chart has no `Chart.yaml`.
    CHART_WITHOUT_MANIFEST = "chart-without-manifest", Invalid;
    /// The chart's `Chart.yaml` has no `name`.
    CHART_WITHOUT_NAME = "chart-without-name", Invalid;
    /// The chart's `.helmignore` uses `**`, which Helm does not support.
    HELMIGNORE_DOUBLE_STAR = "helmignore-double-star", Invalid;
    /// The chart's `.helmignore` has a longer line than Helm reads.
    HELMIGNORE_LINE_TOO_LONG = "helmignore-line-too-long", Invalid;
    /// The chart's `.helmignore` has a pattern that Helm cannot parse.
    HELMIGNORE_PATTERN = "helmignore-pattern", Invalid;
    /// A YAML alias refers to a value that contains it.
    YAML_ALIAS = "yaml-alias", Invalid;
    /// A YAML mapping has the same key more than once.
    YAML_DUPLICATE_KEY = "yaml-duplicate-key", Invalid, warning;
    /// The file is not well-formed YAML.
    YAML_SYNTAX = "yaml-syntax", Invalid;
    /// The YAML is nested too deeply.
    YAML_TOO_DEEP = "yaml-too-deep", Invalid;
    /// The YAML holds too many values once its aliases are expanded.
    YAML_TOO_LARGE = "yaml-too-large", Invalid;
}
