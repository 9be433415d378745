use archive::{gzip, tar};
use model::{Digest, MemoryTree};

use super::*;

const REPOSITORY: &str = "https://charts.example.com";

fn chart(name: &str, version: &str, dependencies: &str) -> String {
    format!("apiVersion: v2\nname: {name}\nversion: {version}\ndependencies: [{dependencies}]\n")
}

fn entries(files: &[(&str, &str)]) -> Vec<Entry> {
    files.iter().map(|(path, text)| Entry::new(*path, text.as_bytes())).collect()
}

/// A lock of one dependency that belongs to it.
fn lock(name: &str, range: &str, version: &str, repository: &str) -> String {
    let one = |version: &str| Dependency {
        name: name.into(),
        version: version.into(),
        repository: repository.into(),
        ..Dependency::default()
    };
    let digest = lock::digest(&[one(range)], &[one(version)]);
    format!(
        "dependencies:\n- name: {name}\n  version: {version}\n  repository: {repository}\n\
         digest: {digest}\n"
    )
}

fn packed(name: &str, version: &str) -> FetchedFile {
    let manifest = (format!("{name}/Chart.yaml"), chart(name, version, ""));
    let files = [manifest, (format!("{name}/b"), "b".into())];
    let files: Vec<Entry> =
        files.iter().map(|(path, text)| Entry::new(path.clone(), text.as_bytes())).collect();
    let bytes = gzip::write(&tar::write(&files, 0).unwrap());
    let uri = format!("pkg:generic/db@1.2.3?repository_url={REPOSITORY}");
    FetchedFile { uri, digest: Digest::of(&bytes), bytes }
}

/// The paths of the chart's files, or the code and the file that it is about.
fn check(
    files: &[(&str, &str)],
    folders: &[(&str, &[(&str, &str)])],
    fetched: &[FetchedFile],
    expected: Result<&[&str], (&str, &str)>,
) {
    let mut source = pack::select(entries(files), &ChartSpec::example("charts/x")).unwrap();
    let folders =
        folders.iter().map(|(folder, files)| ((*folder).to_owned(), entries(files))).collect();
    let added = add(&mut source, &ChartSpec::example("charts/x"), &folders, fetched);
    let found = added.and_then(|_| pack::pack(source, &ChartSpec::example("charts/x"), 0)).map(
        |(name, bytes)| {
            let chart = read::read_chart(&name, &bytes).unwrap();
            chart.files.into_iter().map(|file| file.path).collect::<Vec<_>>()
        },
    );
    let found = found.map_err(|problem| {
        (problem.code.name.to_owned(), problem.location.map(|place| place.file).unwrap_or_default())
    });
    let expected = expected.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect());
    assert_eq!(found, expected.map_err(|(code, file)| (code.to_owned(), file.to_owned())));
}

#[test]
fn a_chart_of_the_tree_is_put_in_as_helm_package_packs_it() {
    let wants = |one: &str| chart("x", "1.0.0", one);
    let db = chart("db", "1.2.3", "");
    let own = [("Chart.yaml", db.as_str()), ("a.bak", ""), (".helmignore", "*.bak\n"), ("c", "")];
    let folders: &[(&str, &[(&str, &str)])] = &[("charts/db", &own), ("lib", &own)];
    let all = ["Chart.yaml", "charts/db/.helmignore", "charts/db/Chart.yaml", "charts/db/c"];
    for repository in ["file://../db", "file://../../lib/", "file://./../db"] {
        let manifest = wants(&format!("{{name: db, version: 1.x, repository: '{repository}'}}"));
        check(&[("Chart.yaml", &manifest)], folders, &[], Ok(&all));
    }
    let absent = Err(("chart-dependency-missing", "charts/x/Chart.yaml"));
    for one in [
        "{name: db, version: 2.x, repository: 'file://../db'}",
        "{name: other, version: 1.x, repository: 'file://../db'}",
        "{name: db, version: 1.x, repository: 'file://../absent'}",
        "{name: db, version: 1.x, repository: 'file:///absent'}",
        "{name: db, version: 1.x, condition: db.enabled}",
        "{name: db, version: 1.x, repository: '@stable'}",
    ] {
        check(&[("Chart.yaml", &wants(one))], folders, &[], absent);
    }
    // What is committed is what ships.
    let manifest = wants("{name: db, version: 1.x, repository: 'file://../db'}");
    let files = [("Chart.yaml", manifest.as_str()), ("charts/y/Chart.yaml", db.as_str())];
    check(&files, folders, &[], Ok(&["Chart.yaml", "charts/y/Chart.yaml"]));
}

#[test]
fn what_a_lock_pins_is_put_in_and_nothing_else() {
    let one = format!("{{name: db, version: ~1.2, repository: '{REPOSITORY}'}}");
    let manifest = chart("x", "1.0.0", &one);
    let fits = lock("db", "~1.2", "1.2.3", REPOSITORY);
    let with = |lock: &str, fetched: &[FetchedFile], expected| {
        check(&[("Chart.yaml", &manifest), ("Chart.lock", lock)], &[], fetched, expected);
    };
    let all = ["Chart.yaml", "Chart.lock", "charts/db/Chart.yaml", "charts/db/b"];
    with(&fits, &[packed("db", "1.2.3")], Ok(&all));
    with(&fits, &[packed("db", "v1.2.3")], Ok(&all));
    let missing = |file| Err(("chart-dependency-missing", file));
    with(&fits, &[packed("db", "1.2.4")], missing("charts/x/Chart.yaml"));
    with(&fits, &[packed("other", "1.2.3")], missing("charts/x/Chart.yaml"));
    with(&fits, &[], missing("charts/x/Chart.yaml"));
    let stale = lock("db", "~1.1", "1.2.3", REPOSITORY);
    with(&stale, &[packed("db", "1.2.3")], missing("charts/x/Chart.lock"));
    check(&[("Chart.yaml", &manifest)], &[], &[], missing("charts/x/Chart.yaml"));
}

#[test]
fn the_commands_ask_for_the_locked_version() {
    let lines = |repository: &str, more: &[(&str, &str)]| {
        let one = format!("{{name: db, version: ~1.2, repository: '{repository}'}}");
        let (manifest, lock) = (chart("x", "1.0.0", &one), lock("db", "~1.2", "1.2.3", repository));
        let own = [("charts/x/Chart.yaml", manifest.as_str()), ("charts/x/Chart.lock", &lock)];
        let tree = MemoryTree::new(own.into_iter().chain(more.iter().copied()));
        let found = fetches(&ChartSpec::example("charts/x"), &tree, "helm", "/home");
        found.iter().map(|fetch| fetch.command.args.join(" ")).collect::<Vec<_>>()
    };
    let rest = "--version 1.2.3 --destination fetched-0";
    let check = |repository: &str, expected: &str| {
        assert_eq!(lines(repository, &[]), [format!("pull {expected} {rest}")]);
    };
    check(REPOSITORY, &format!("db --repo {REPOSITORY}"));
    check("oci://r.example/charts", "oci://r.example/charts/db");
    check("oci://127.0.0.1:5000/c/", "oci://127.0.0.1:5000/c/db --plain-http");
    let none = |more: &[(&str, &str)]| assert!(lines(REPOSITORY, more).is_empty(), "{more:?}");
    none(&[("charts/x/charts/db-1.2.3.tgz", "")]);
    none(&[("charts/x/charts/y/Chart.yaml", "name: db\n")]);
    none(&[("charts/x/Chart.lock", "digest: sha256:00\n")]);
    assert!(lines("@stable", &[]).is_empty());
    assert!(lines("file://../db", &[]).is_empty());
    assert_eq!(lines(REPOSITORY, &[("charts/x/charts/db-tools-1.0.0.tgz", "")]).len(), 1);
}
