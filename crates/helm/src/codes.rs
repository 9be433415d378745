//! The codes of this crate.

model::codes! {
    /// `apiVersion: v1` is Helm 2's.
    CHART_API_VERSION = "chart-api-version", Invalid;
    /// Declared but not in `charts/`: {}.
    CHART_DEPENDENCY_MISSING = "chart-dependency-missing", Invalid;
    /// A name that Helm cannot unpack.
    CHART_FILE_NAME = "chart-file-name", Invalid;
    /// `{one}` differs from it only in upper and lower case.
    CHART_FILE_TWIN = "chart-file-twin", Invalid;
    /// The chart is in a folder with another name.
    CHART_FOLDER_NAME = "chart-folder-name", Invalid, warning;
    /// The archive does not consist of one chart folder.
    CHART_LAYOUT = "chart-layout", Invalid;
    /// `{}` is {} here, but `Chart.lock` says {}.
    CHART_LOCK_DIFFERS = "chart-lock-differs", Differs;
    /// `Chart.lock` was made for other dependencies.
    CHART_LOCK_STALE = "chart-lock-stale", Invalid, warning;
    /// A maintainer has no `name`.
    CHART_MAINTAINER = "chart-maintainer", Invalid;
    /// `import-values` of `{}`: {error}.
    CHART_METADATA = "chart-metadata", Invalid;
    /// The chart is called `{}`, not `{}`.
    CHART_NAME_DIFFERS = "chart-name-differs", Differs;
    /// The first YAML document is not a mapping.
    CHART_NOT_A_MAPPING = "chart-not-a-mapping", Invalid;
    /// The file is not UTF-8 text.
    CHART_NOT_UTF8 = "chart-not-utf8", Invalid;
    /// `{}` cannot be a repository's name in a registry.
    CHART_README = "chart-readme", Invalid, warning;
    /// The schema of the values is not a valid JSON schema.
    CHART_SCHEMA = "chart-schema", Invalid;
    /// An entry of `charts/` is not a chart.
    CHART_SUBCHART = "chart-subchart", Invalid;
    /// Helm loads no file above 5 MiB and no chart above 100 MiB.
    CHART_TOO_LARGE = "chart-too-large", Invalid;
    /// `type` is `{}`, not `application` or `library`.
    CHART_TYPE = "chart-type", Invalid;
    /// `{key}` is written so that it cannot be set.
    CHART_UNCLEAR_VERSION = "chart-unclear-version", Invalid;
    /// The version of the chart is not a valid SemVer version.
    CHART_VERSION = "chart-version", Invalid;
    /// The chart has no `Chart.yaml`.
    CHART_WITHOUT_MANIFEST = "chart-without-manifest", Invalid;
    /// The chart has no `name`.
    CHART_WITHOUT_NAME = "chart-without-name", Invalid;
    /// `{line}` uses `**`, which Helm's ignore files do not know.
    HELMIGNORE_DOUBLE_STAR = "helmignore-double-star", Invalid;
    /// A line of 64 KiB or more.
    HELMIGNORE_LINE_TOO_LONG = "helmignore-line-too-long", Invalid;
    /// `{line}` is not a pattern that Helm can read.
    HELMIGNORE_PATTERN = "helmignore-pattern", Invalid;
    /// An alias of a value that holds it.
    YAML_ALIAS = "yaml-alias", Invalid;
    /// The key `{text}` stands here twice.
    YAML_DUPLICATE_KEY = "yaml-duplicate-key", Invalid;
    /// Yaml syntax.
    YAML_SYNTAX = "yaml-syntax", Invalid;
    /// Nested too deeply.
    YAML_TOO_DEEP = "yaml-too-deep", Invalid;
    /// Aliases without end.
    YAML_TOO_LARGE = "yaml-too-large", Invalid;
}
