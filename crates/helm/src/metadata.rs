//! `Chart.yaml` and `Chart.lock` as values: what Helm reads, field by field.
//!
//! Here and not in the crate `manifests`, because it reads through this crate's YAML loader, which
//! the WASM core does without: `manifests` reads the four values that a plan needs by itself.

use model::{Budget, Diagnostic, Location};

use crate::codes;
use crate::yaml::{self, Node};

/// The metadata of a chart. A missing text is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartMetadata {
    /// `v1` or `v2`; for Helm a missing one is `v1`.
    pub api_version: String,
    /// The chart's name.
    pub name: String,
    /// Its version, as written; a number is shown as its text.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// `application` (also when empty) or `library`.
    pub kind: String,
    /// A one-line description.
    pub description: String,
    /// The Kubernetes versions it runs on.
    pub kube_version: String,
    /// The project's page.
    pub home: String,
    /// The icon's address.
    pub icon: String,
    /// Where its sources are.
    pub sources: Vec<String>,
    /// Search keywords.
    pub keywords: Vec<String>,
    /// The maintainers.
    pub maintainers: Vec<Maintainer>,
    /// Annotations, in the file's order.
    pub annotations: Vec<(String, String)>,
    /// The charts it depends on, as declared.
    pub dependencies: Vec<Dependency>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The value that enables it in another chart, from Helm 2; kept because Helm keeps it.
    pub condition: String,
    /// Tags that enable it together with others, from Helm 2.
    pub tags: String,
}

/// A person or team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// A web address.
    pub url: String,
}

/// A chart that another one depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dependency {
    /// The chart's own name.
    pub name: String,
    /// A version, or a range of them; exact in `Chart.lock`.
    pub version: String,
    /// Where it comes from: `https://…`, `oci://…`, `file://…`, `@alias` or nothing.
    pub repository: String,
    /// The value that enables it.
    pub condition: String,
    /// Tags that enable it together with others.
    pub tags: Vec<String>,
    /// An explicit `enabled: true`.
    pub enabled: bool,
    /// `import-values` as JSON; empty when absent.
    pub import_values: String,
    /// Its alias in this chart.
    pub alias: String,
}

/// `Chart.lock`: the exact versions of the dependencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartLock {
    /// Digest over the declared and the locked dependencies.
    pub digest: String,
    /// The locked dependencies.
    pub dependencies: Vec<Dependency>,
}

impl ChartMetadata {
    /// Whether it only has templates for other charts and cannot be installed.
    #[must_use]
    pub fn is_library(&self) -> bool {
        self.kind == "library"
    }

    /// Its licence for Artifact Hub; empty if it names none.
    #[must_use]
    pub fn license(&self) -> &str {
        const KEYS: [&str; 2] = ["artifacthub.io/license", "licenses"];
        let of = |key| self.annotations.iter().find(|(name, _)| name == key);
        KEYS.into_iter().find_map(of).map_or("", |(_, text)| text)
    }
}

/// Reads the text of a `Chart.yaml`. A field of another type counts as absent, as long as `name` is
/// there; [`crate::lint_chart`] checks the rest.
///
/// # Errors
/// If it is not a YAML mapping or has no name. Locations are in `Chart.yaml`.
pub fn chart_metadata(text: &str) -> Result<ChartMetadata, Diagnostic> {
    metadata_at("Chart.yaml", text)
}

/// The same for a file whose path in messages is `file`.
pub(crate) fn metadata_at(file: &str, text: &str) -> Result<ChartMetadata, Diagnostic> {
    metadata_within(file, text, &Budget::of(text.len() as u64))
}

/// The same in an artifact of this `budget`.
pub(crate) fn metadata_within(
    file: &str,
    text: &str,
    budget: &Budget,
) -> Result<ChartMetadata, Diagnostic> {
    let root = mapping_within(file, text, budget)?;
    let metadata = from_node(&root);
    if metadata.name.is_empty() {
        return Err(Diagnostic::new(&codes::CHART_WITHOUT_NAME, "the chart has no `name`")
            .at(Location::file(file))
            .help("add a line `name: …`, equal to the chart's folder"));
    }
    Ok(metadata)
}

/// The YAML at `file`, which must be a mapping.
pub(crate) fn mapping(file: &str, text: &str) -> Result<Node, Diagnostic> {
    mapping_within(file, text, &Budget::of(text.len() as u64))
}

fn mapping_within(file: &str, text: &str, budget: &Budget) -> Result<Node, Diagnostic> {
    match yaml::parse_within(file, text, budget)? {
        Some(root) if matches!(root.value, yaml::Value::Mapping(_)) => {
            respelled(file, &root).map_or(Ok(root), Err)
        }
        _ => Err(Diagnostic::new(
            &codes::CHART_NOT_A_MAPPING,
            "the first YAML document is not a mapping",
        )
        .at(Location::file(file))
        .help("write `key: value` lines; Helm reads only the first document")),
    }
}

/// A field in another case, which Helm takes for the field: it reads these files as Go reads JSON.
fn respelled(file: &str, root: &Node) -> Option<Diagnostic> {
    let lists =
        ["dependencies", "maintainers"].map(|list| root.get(list).map_or(&[][..], Node::items));
    let mappings = std::iter::once(root).chain(lists.into_iter().flatten());
    let (found, meant) = mappings.flat_map(Node::entries).find_map(|(key, _)| {
        let key = key.text()?;
        let meant = FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(key))?;
        (meant != key).then_some((key, meant))
    })?;
    let message = format!("`{}` is `{meant}` for Helm", found.escape_debug());
    let help = format!("write `{meant}`");
    Some(Diagnostic::new(&codes::CHART_METADATA, message).at(Location::file(file)).help(help))
}

/// Fields of `Chart.yaml`, `Chart.lock` and what they list.
const FIELDS: [&str; 27] = [
    "alias",
    "annotations",
    "apiVersion",
    "appVersion",
    "condition",
    "dependencies",
    "deprecated",
    "description",
    "digest",
    "email",
    "enabled",
    "generated",
    "home",
    "icon",
    "import-values",
    "keywords",
    "kubeVersion",
    "maintainers",
    "name",
    "repository",
    "sources",
    "tags",
    "type",
    "url",
    "version",
    "engine",
    "tillerVersion",
];

/// Reads the text of a `Chart.lock` at `file`; an empty one is none.
pub(crate) fn lock_within(
    file: &str,
    text: &str,
    budget: &Budget,
) -> Result<Option<ChartLock>, Diagnostic> {
    let is_list = |root: Node| matches!(root.value, yaml::Value::Sequence(_));
    if yaml::parse_within(file, text, budget)?.is_none_or(is_list) {
        return Ok(None);
    }
    let root = mapping_within(file, text, budget)?;
    Ok(Some(ChartLock { digest: root.text_of("digest"), dependencies: dependencies(&root) }))
}

/// The dependencies that a mapping lists: `Chart.yaml`, `Chart.lock` or Helm 2's
/// `requirements.yaml`.
pub(crate) fn dependencies(root: &Node) -> Vec<Dependency> {
    root.get("dependencies").map_or(&[][..], Node::items).iter().map(dependency).collect()
}

fn from_node(root: &Node) -> ChartMetadata {
    let person = |node: &Node| Maintainer {
        name: node.text_of("name"),
        email: node.text_of("email"),
        url: node.text_of("url"),
    };
    let pair = |(key, value): &(Node, Node)| {
        Some((key.text()?.to_owned(), value.text().unwrap_or_default().to_owned()))
    };
    let entries = |key| root.get(key).map_or(&[][..], Node::entries);
    ChartMetadata {
        api_version: root.text_of("apiVersion"),
        name: root.text_of("name"),
        version: root.text_of("version"),
        app_version: root.text_of("appVersion"),
        kind: root.text_of("type"),
        description: root.text_of("description"),
        kube_version: root.text_of("kubeVersion"),
        home: root.text_of("home"),
        icon: root.text_of("icon"),
        sources: texts(root, "sources"),
        keywords: texts(root, "keywords"),
        maintainers: root
            .get("maintainers")
            .map_or(&[][..], Node::items)
            .iter()
            .map(person)
            .collect(),
        annotations: entries("annotations").iter().filter_map(pair).collect(),
        dependencies: dependencies(root),
        deprecated: root.text_of("deprecated") == "true",
        condition: root.text_of("condition"),
        tags: root.text_of("tags"),
    }
}

fn dependency(node: &Node) -> Dependency {
    let import_values = node.get("import-values").filter(|values| !values.items().is_empty());
    Dependency {
        name: node.text_of("name"),
        version: node.text_of("version"),
        repository: node.text_of("repository"),
        condition: node.text_of("condition"),
        tags: texts(node, "tags"),
        enabled: node.text_of("enabled") == "true",
        import_values: import_values.map(|node| json(node).to_string()).unwrap_or_default(),
        alias: node.text_of("alias"),
    }
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    let items = node.get(key).map_or(&[][..], Node::items);
    items.iter().filter_map(Node::text).map(str::to_owned).collect()
}

/// `import-values` holds texts and mappings of texts; `serde_json` sorts keys as Go does.
fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        yaml::Value::Scalar { .. } => match node.text() {
            Some(text) if node.is_text() => text.into(),
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            None => serde_json::Value::Null,
        },
        yaml::Value::Sequence(items) => items.iter().map(json).collect(),
        yaml::Value::Mapping(entries) => entries
            .iter()
            .filter_map(|(key, value)| Some((key.text()?.to_owned(), json(value))))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: ChartMetadata) {
        assert_eq!(chart_metadata(text).unwrap(), expected, "{text}");
    }

    fn named(name: &str, version: &str) -> ChartMetadata {
        ChartMetadata { name: name.into(), version: version.into(), ..ChartMetadata::default() }
    }

    #[test]
    fn a_chart_is_read_however_its_yaml_is_written() {
        check("name: x\nversion: 1.0.0\n", named("x", "1.0.0"));
        check("{name: x, version: '1.0.0'}", named("x", "1.0.0"));
        check(
            "\u{feff}---\r\nname: \"x\"\r\nversion: &v 1.0.0\r\n...\r\nname: y\r\n",
            named("x", "1.0.0"),
        );
        check("base: &b {name: x}\n<<: *b\nversion: |-\n  1.0.0\n", named("x", "1.0.0"));
        check("name: x\nversion: ~\nkeywords:\n", named("x", ""));
        check("name: x\nversion: 1.0.0\nname: y\n", named("y", "1.0.0"));
        let deprecated = ChartMetadata { deprecated: true, ..named("x", "1.5") };
        check("name: x\nversion: 1.5\ndeprecated: true\nunknown: [1]\n", deprecated);
    }

    #[test]
    fn people_annotations_and_dependencies_are_read() {
        let text = "apiVersion: v2\nname: x\nversion: 1.0.0\ntype: library\nsources: [a, b]\n\
            maintainers:\n- {name: M, email: m@example.org}\n\
            annotations:\n  artifacthub.io/license: Apache-2.0\n\
            dependencies:\n- name: db\n  version: ~1.2\n  repository: oci://r/x\n  tags: [t]\n\
            \x20 import-values: [data, {child: c, parent: p}]\n  alias: d\n";
        let chart = chart_metadata(text).unwrap();
        assert!(chart.is_library());
        assert_eq!(chart.license(), "Apache-2.0");
        assert_eq!(chart.maintainers.first().unwrap().email, "m@example.org");
        let dependency = chart.dependencies.first().unwrap();
        assert_eq!((dependency.name.as_str(), dependency.version.as_str()), ("db", "~1.2"));
        assert_eq!(dependency.import_values, r#"["data",{"child":"c","parent":"p"}]"#);
        assert_eq!(
            (dependency.alias.as_str(), dependency.tags.as_slice()),
            ("d", &["t".to_owned()][..])
        );
    }

    #[test]
    fn what_is_no_chart_is_refused_with_its_place() {
        let refused = |text: &str, code: &str| {
            let problem = chart_metadata(text).unwrap_err();
            assert_eq!(problem.code.to_string(), code, "{text:?}");
            assert_eq!(problem.location.unwrap().file, "Chart.yaml");
        };
        refused("", "chart-not-a-mapping");
        refused("- a\n", "chart-not-a-mapping");
        refused("---\n---\nname: x\n", "chart-not-a-mapping");
        refused("version: 1.0.0\n", "chart-without-name");
        refused("name:\n\t- x\n", "yaml-syntax");
        refused("name: {{ .Chart }}\n", "chart-without-name");
        refused("name: [x\n", "yaml-syntax");
        refused("name: x\nappversion: '1'\n", "chart-metadata");
        refused("name: x\nDependencies: []\n", "chart-metadata");
        refused("name: x\ndependencies:\n- Name: y\n", "chart-metadata");
        assert!(chart_metadata("name: x\nannotations: {Name: y}\nkeyword: z\n").is_ok());
    }
}
