use super::*;
use crate::chart_metadata;

fn check(chart: &str, expected: &str) {
    assert_eq!(config(&chart_metadata(chart).unwrap()).unwrap(), expected, "{chart}");
}

#[test]
fn the_configuration_is_helms_own_json() {
    check("version: 1.0.0\nname: x\n", r#"{"name":"x","version":"1.0.0","apiVersion":"v1"}"#);
    check(
        "apiVersion: v2\nname: x\nversion: 1.0.0\ntype: library\nappVersion: 1.10\n\
         description: |\n  a < b\n  & c\nannotations: {z: \"1\", a: \"\"}\n\
         maintainers: [{url: u, name: n}]\ndeprecated: true\nkubeVersion: '>=1.2-0'\n",
        concat!(
            r#"{"name":"x","version":"1.0.0","description":"a \u003c b \u0026 c ","#,
            r#""maintainers":[{"name":"n","url":"u"}],"apiVersion":"v2","appVersion":"1.10","#,
            r#""deprecated":true,"annotations":{"a":"","z":"1"},"kubeVersion":"\u003e=1.2-0","#,
            r#""type":"library"}"#
        ),
    );
    check(
        "apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies:\n\
         - {name: d, alias: e, import-values: [data, {child: c, parent: p}], tags: [t]}\n",
        concat!(
            r#"{"name":"x","version":"1.0.0","apiVersion":"v2","dependencies":[{"name":"d","#,
            r#""repository":"","tags":["t"],"#,
            r#""import-values":["data",{"child":"c","parent":"p"}],"alias":"e"}]}"#
        ),
    );
}

#[test]
fn the_charts_annotations_win_but_for_name_and_version() {
    let text = "apiVersion: v2\nname: x\nversion: 1.0.0\nhome: h\nsources: [s, t]\n\
        maintainers: [{name: A, email: a@x}, {name: B}]\nannotations:\n\
        \x20 org.opencontainers.image.title: other\n\
        \x20 org.opencontainers.image.version: other\n\
        \x20 org.opencontainers.image.url: other\n\
        \x20 artifacthub.io/license: MIT\n";
    let found = annotations(&chart_metadata(text).unwrap(), "1980-01-01T00:00:00Z");
    let expected = [
        ("artifacthub.io/license", "MIT"),
        ("org.opencontainers.image.authors", "A (a@x), B"),
        ("org.opencontainers.image.created", "1980-01-01T00:00:00Z"),
        ("org.opencontainers.image.source", "s"),
        ("org.opencontainers.image.title", "x"),
        ("org.opencontainers.image.url", "other"),
        ("org.opencontainers.image.version", "1.0.0"),
    ];
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_turns_a_chart_on_stands_where_helm_has_it() {
    check(
        "apiVersion: v2\nname: x\nversion: 1.0.0\nappVersion: 3\ntags: a,b\ncondition: x.on\n",
        concat!(
            r#"{"name":"x","version":"1.0.0","apiVersion":"v2","condition":"x.on","#,
            r#""tags":"a,b","appVersion":"3"}"#
        ),
    );
}

#[test]
fn layers_stand_in_the_order_of_their_digests_and_the_time_reads_back() {
    let chart = chart_metadata("apiVersion: v2\nname: x\nversion: 1.0.0\n").unwrap();
    let file = |bytes: &[u8]| (Digest::of(bytes), bytes.len() as u64);
    let (one, other) = (file(b"chart"), file(b"prov"));
    let manifest = push(&chart, one, Some(other), "1980-01-01T00:00:00Z").unwrap().manifest;
    let at = |digest: Digest| manifest.find(&digest.to_string()).unwrap();
    assert_eq!(at(one.0) < at(other.0), one.0 < other.0, "{manifest}");
    assert!(manifest.starts_with(r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.c"#));
    assert_eq!(created_of(manifest.as_bytes()).as_deref(), Some("1980-01-01T00:00:00Z"));
    for none in ["", "{}", "[]", r#"{"manifests":[]}"#] {
        assert_eq!(created_of(none.as_bytes()), None, "{none}");
    }
}

#[test]
fn texts_lose_what_does_not_print() {
    let check = |text: &str, expected: &str| assert_eq!(clean(text), expected, "{text:?}");
    check("a\tb\nc\u{a0}d\u{2003}e", "a b c d e");
    check("a\u{0}b\u{1b}c\u{200b}d\u{feff}e\u{202e}f", "abcdef");
    check("grüße 漢字 🎉", "grüße 漢字 🎉");
}
