use super::*;

/// The checks of a chart with this `kubeVersion`, these files and these files of values in `ci`.
fn asked(spec: &ChartSpec, about: (&str, &str), files: &[(&str, &str)], ci: &[&str]) -> Checks {
    let metadata = ChartMetadata {
        name: "x".into(),
        kind: about.0.into(),
        kube_version: about.1.into(),
        ..ChartMetadata::default()
    };
    let setup = Setup {
        helm: "/tools/helm".into(),
        home: "/private/".into(),
        chart: "out/x-1.0.0.tgz".into(),
        tree: "/tree".into(),
        spec,
        metadata: &metadata,
        ci_values: ci.iter().map(|path| (*path).to_owned()).collect(),
    };
    let files: Vec<Entry> =
        files.iter().map(|(path, text)| Entry::new(*path, text.as_bytes())).collect();
    checks(&setup, &files)
}

fn lines(checks: &[Check]) -> Vec<String> {
    checks.iter().map(|check| check.command.args.join(" ")).collect()
}

fn check(spec: &ChartSpec, about: (&str, &str), expected: &[&str]) {
    assert_eq!(lines(&asked(spec, about, &[], &[]).list), expected, "{spec:?}");
}

#[test]
fn a_chart_is_linted_and_rendered_in_a_private_home() {
    let lint = "lint --strict out/x-1.0.0.tgz";
    check(&ChartSpec::example("charts/x"), ("", ""), &[lint, "template x out/x-1.0.0.tgz"]);
    check(&ChartSpec::example("charts/x"), ("library", ""), &[lint]);
    for check in asked(&ChartSpec::example("charts/x"), ("", ""), &[], &["ci/a-values.yaml"]).list {
        for command in std::iter::once(&check).chain(&check.otherwise).map(|it| &it.command) {
            let kept = ["HELM_NAMESPACE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
            let paths = command.env.iter().filter(|(name, _)| !kept.contains(&name.as_str()));
            for (name, path) in paths {
                assert!(path.starts_with("/private/"), "{name} leaves the private folder: {path}");
            }
            assert!(command.env["HTTPS_PROXY"].contains("127.0.0.1:9"));
        }
    }
}

#[test]
fn values_and_a_version_of_kubernetes_are_given_to_both() {
    let values = vec!["charts/x/ci/a.yaml".to_owned(), "odd, \"name\".yaml".to_owned()];
    let spec =
        ChartSpec { values, kube_version: Some("1.30.0".into()), ..ChartSpec::example("charts/x") };
    let flags = "--kube-version 1.30.0 --values /tree/charts/x/ci/a.yaml \
                 --values \"/tree/odd, \"\"name\"\".yaml\"";
    let lint = format!("lint --strict out/x-1.0.0.tgz {flags}");
    let template = format!("template x out/x-1.0.0.tgz {flags}");
    check(&spec, ("", ">=1.99"), &[&lint, &template]);
    assert_eq!(asked(&spec, ("", ""), &[], &["c"]).list[1].otherwise, [], "they must render");
}

#[test]
fn a_chart_is_rendered_for_a_version_that_it_allows() {
    let lines = |constraint| {
        lines(&asked(&ChartSpec::example("charts/x"), ("", constraint), &[], &[]).list)
    };
    let flag = " --kube-version 1.35.0";
    assert!(lines(">=1.24.0-0 <1.36.0-0").iter().all(|line| line.ends_with(flag)));
    assert_eq!(lines("<1.0.0 >2.0.0"), ["lint --strict out/x-1.0.0.tgz"]);
    let notes = asked(&ChartSpec::example("charts/x"), ("", "<1.0.0 >2.0.0"), &[], &[]).notes;
    assert!(notes[0].starts_with("not rendered: "), "{notes:?}");
}

#[test]
fn nothing_is_fetched_for_a_schema() {
    let files = [("values.schema.json", r#"{"$ref": "https://x.example/a.json"}"#)];
    let checks = asked(&ChartSpec::example("charts/x"), ("", ""), &files, &["ci/a-values.yaml"]);
    let all = checks.list.iter().chain(&checks.list[1].otherwise);
    for line in lines(&all.cloned().collect::<Vec<_>>()) {
        assert!(line.contains(" --skip-schema-validation"), "{line}");
    }
    assert!(checks.notes[0].contains("`https://x.example/a.json`"), "{:?}", checks.notes);
}

#[test]
fn what_stops_a_chart_depends_on_its_key_and_on_values() {
    let refuses = |lint: Option<Lint>, values: &[&str], said: &str| {
        let values = values.iter().map(|path| (*path).to_owned()).collect();
        let checks = asked(
            &ChartSpec { lint, values, ..ChartSpec::example("charts/x") },
            ("", ""),
            &[],
            &[],
        );
        checks.list.iter().map(|check| check.refuses.by(said)).collect::<Vec<_>>()
    };
    let broken = "parse error at (x/templates/a.yaml:3): function \"foo\" not defined";
    let lacks = "execution error at (x/templates/a.yaml:6:11): host must be set";
    assert_eq!(refuses(None, &[], broken), [true, true]);
    assert_eq!(refuses(None, &[], lacks), [false, false]);
    assert_eq!(refuses(None, &["v.yaml"], lacks), [false, true]);
    assert_eq!(refuses(Some(Lint::Error), &[], lacks), [true, true]);
    assert_eq!(refuses(Some(Lint::Warn), &["v.yaml"], broken), [false, false]);
    assert!(refuses(Some(Lint::Off), &[], broken).is_empty());
}

#[test]
fn without_values_those_for_chart_testing_are_tried() {
    let checks = asked(
        &ChartSpec::example("charts/x"),
        ("", ""),
        &[],
        &["c/ci/a-values.yaml", "c/ci/b-values.yaml"],
    );
    let template = &checks.list[1];
    let expected = ["/tree/c/ci/a-values.yaml", "/tree/c/ci/b-values.yaml"]
        .map(|path| format!("template x out/x-1.0.0.tgz --values {path}"));
    assert_eq!(lines(&template.otherwise), expected);
    assert!(template.otherwise.iter().all(|one| one.refuses == Refuses::Never));
    assert_eq!(template.note, "", "those say what was rendered");
    let note = &asked(&ChartSpec::example("charts/x"), ("", ""), &[], &[]).list[1].note;
    assert!(note.starts_with("not rendered: "), "{note}");
}
