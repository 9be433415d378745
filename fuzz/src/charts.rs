//! Helm charts: archives, the files of one, `Chart.yaml`, `.helmignore`.

use archive::{Entry, gzip, tar};
use helm::{ChartSpec, Ignore};
use model::{Digest, Version};

use crate::parts::{entries, join, parts};
use crate::properties::{accepted, bounded, must};
use crate::samples::EPOCH;
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "chart",
        about: "the tar archive of a chart, packed",
        seeds: || chart_seeds().iter().map(|files| archived(files)).collect(),
        run: |bytes| read(&gzip::write(bytes)),
    },
    Target {
        name: "chart-files",
        about: "the files of a chart's folder: a chart that is packed reads, and packs, the same",
        seeds: chart_seeds,
        run: chart_files,
    },
    Target {
        name: "chart-metadata",
        about: "a Chart.yaml, and what `helm push` makes of it",
        seeds: || seeds(&[REAL_CHART, CHART]),
        run: metadata,
    },
    Target {
        name: "helmignore",
        about: "a .helmignore and the paths it is asked about",
        seeds: || {
            vec![join(&[
                (
                    ".helmignore",
                    include_str!("../../examples/contextforge/charts/mcp-stack/.helmignore"),
                ),
                ("docs/x.md", ""),
                ("a/[b]/c.txt", ""),
            ])]
        },
        run: helmignore,
    },
];

const REAL_CHART: &str = include_str!("../../examples/contextforge/charts/mcp-stack/Chart.yaml");
const REAL_VALUES: &str = include_str!("../../examples/contextforge/charts/mcp-stack/values.yaml");

const CHART: &str = "apiVersion: v2\nname: x\nversion: 1.0.0\nappVersion: \"2\"\n\
     type: application\ndescription: >-\n  A chart\n  of two lines\nkubeVersion: \">=1.25\"\n\
     home: https://example.org\n\
     sources: [https://example.org/a]\nkeywords:\n  - a\nmaintainers:\n  - name: A\n    \
     email: a@example.org\nannotations:\n  artifacthub.io/license: MIT\n  a: |\n    - b\n\
     dependencies:\n  - name: y\n    version: 1.x\n    repository: https://example.org/charts\n    \
     condition: y.enabled\n    tags: [t]\n    import-values:\n      - child: a\n        parent: b\n\
     icon: &icon https://example.org/i.png\n";

const VALUES: &str = "image: docker.io/a/b:1.0@sha256:00\nold: &old\n  repository: r.example/c\n  \
     tag: 1\nnew: *old\nlist: [{image: d}, \"x\"]\n? complex\n: !!str 5\n";

fn chart_seeds() -> Vec<Vec<u8>> {
    let lock = "dependencies:\n- name: y\n  repository: https://example.org/charts\n  \
                version: 1.2.3\ndigest: sha256:00\ngenerated: \"2024-01-01T00:00:00Z\"\n";
    let least = "apiVersion: v2\nname: x\nversion: 1.0.0\n";
    vec![
        join(&[
            ("Chart.yaml", CHART),
            ("values.yaml", VALUES),
            ("values.schema.json", "{\"type\": \"object\"}\n"),
            ("Chart.lock", lock),
            ("README.md", "# x\n"),
            (".helmignore", "*.tmp\n!keep\n/docs/\n"),
            ("templates/a.yaml", "kind: ConfigMap\n"),
            ("charts/y/Chart.yaml", "apiVersion: v1\nname: y\nversion: 1.2.3\n"),
        ]),
        join(&[("Chart.yaml", least), ("values.yaml", "a: 1\n"), ("README.md", "")]),
        join(&[("Chart.yaml", least), ("values.yaml", REAL_VALUES)]),
    ]
}

/// The files of an input below the chart's folder, in a tar archive.
fn archived(bytes: &[u8]) -> Vec<u8> {
    let below = |(path, bytes): (String, &[u8])| Entry::new(format!("x/{path}"), bytes);
    let files: Vec<Entry> = parts(bytes).into_iter().map(below).collect();
    tar::write(&files, EPOCH).unwrap_or_default()
}

const NAME: &str = "x-1.0.0.tgz";

fn read(bytes: &[u8]) {
    let chart = accepted(helm::read_chart(NAME, bytes));
    let inside = format::Inspects::inside(&helm::Helm, helm::CHART, NAME, bytes);
    if let Some(contents) = accepted(inside) {
        crate::sboms::described(&contents);
    }
    let Some(chart) = chart else { return };
    assert_eq!((chart.metadata.name.as_str(), chart.metadata.version.as_str()), ("x", "1.0.0"));
    pushed(&chart.metadata);
}

fn spec() -> ChartSpec {
    ChartSpec {
        name: "x".to_owned(),
        path: "charts/x".to_owned(),
        version: must("a version", Version::parse("1.0.0")),
        app_version: Some("2.0".to_owned()),
        reference: "registry.example/x".to_owned(),
        values: Vec::new(),
        kube_version: None,
        lint: None,
    }
}

fn chart_files(bytes: &[u8]) {
    let (files, spec) = (entries(bytes), spec());
    let problems = helm::lint_chart(&files, &spec);
    bounded(&problems);
    let Some((name, packed)) = accepted(helm::pack_chart(files, &spec, EPOCH)) else { return };
    assert_eq!(name, NAME);
    // What was packed is read before it goes out: a `Chart.lock` that is a word ends there.
    let Some(chart) = accepted(helm::read_chart(&name, &packed)) else { return };
    assert_eq!(chart.metadata.app_version, "2.0", "the version that was asked for is not there");
    read(&packed);
    // What `.helmignore` drops is gone, and a `.helmignore` may drop itself.
    let (again, repacked) = must("twice", helm::pack_chart(chart.files.clone(), &spec, EPOCH));
    assert_eq!(again, name);
    assert!(packed == repacked, "a chart that was packed twice is another one");
}

fn metadata(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(metadata) = accepted(helm::chart_metadata(text)) {
        pushed(&metadata);
    }
}

/// What a registry gets is JSON that says what was asked.
fn pushed(metadata: &helm::ChartMetadata) {
    const CREATED: &str = "2024-01-01T00:00:00Z";
    let archive = (Digest::of(b"x"), 1);
    let Some(pushed) = accepted(helm::push(metadata, archive, None, CREATED)) else { return };
    let config = serde_json::from_str::<serde_json::Value>(&pushed.config);
    assert!(config.is_ok(), "{} is not JSON", pushed.config);
    let own = |name: &str| metadata.annotations.iter().any(|(key, _)| key == name);
    if !own("org.opencontainers.image.created") {
        let created = helm::created_of(pushed.manifest.as_bytes());
        assert_eq!(created.as_deref(), Some(CREATED), "{}", pushed.manifest);
    }
}

fn helmignore(bytes: &[u8]) {
    let files = parts(bytes);
    let Some((_, rules)) = files.first() else { return };
    let Some(rules) = text(rules) else { return };
    let Some(ignore) = accepted(Ignore::parse(".helmignore", rules)) else { return };
    for (path, _) in files.iter().skip(1).take(8) {
        // What a folder loses, its files lose.
        let below = format!("{path}/x");
        if ignore.drops(path) && !rules.contains('!') && !rules.contains('/') {
            assert!(ignore.drops(&below), "{path:?} is dropped and {below:?} is not");
        }
    }
}
