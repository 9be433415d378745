//! The digest in `Chart.lock`: whether the lock still belongs to the declared dependencies.

use model::Digest;

use crate::metadata::{ChartLock, Dependency};
use format::go_json;

/// The digest over declared and locked dependencies, as Helm's resolver computes it: SHA-256 of
/// the JSON array of both lists.
pub(crate) fn digest(declared: &[Dependency], locked: &[Dependency]) -> Digest {
    Digest::of(format!("[{},{}]", list(declared), list(locked)).as_bytes())
}

/// Whether `lock` was made for the `declared` dependencies.
pub(crate) fn belongs(lock: &ChartLock, declared: &[Dependency]) -> bool {
    let helm2 = || Digest::of(format!("{{\"dependencies\":{}}}", list(declared)).as_bytes());
    lock.digest == digest(declared, &lock.dependencies).to_string()
        || lock.digest == helm2().to_string()
}

fn list(dependencies: &[Dependency]) -> String {
    if dependencies.is_empty() {
        return "null".to_owned();
    }
    let items: Vec<String> = dependencies.iter().map(object).collect();
    format!("[{}]", items.join(","))
}

/// Go's field order; empty fields are left out, except name and repository.
fn object(dependency: &Dependency) -> String {
    let mut fields = vec![format!("\"name\":{}", string(&dependency.name))];
    let mut add = |key: &str, value: &str| {
        if !value.is_empty() {
            fields.push(format!("\"{key}\":{value}"));
        }
    };
    let text = |text: &str| if text.is_empty() { String::new() } else { string(text) };
    add("version", &text(&dependency.version));
    add("repository", &string(&dependency.repository));
    add("condition", &text(&dependency.condition));
    let tags: Vec<String> = dependency.tags.iter().map(|tag| string(tag)).collect();
    add("tags", &if tags.is_empty() { String::new() } else { format!("[{}]", tags.join(",")) });
    add("enabled", if dependency.enabled { "true" } else { "" });
    add("import-values", &go_json(&dependency.import_values));
    add("alias", &text(&dependency.alias));
    format!("{{{}}}", fields.join(","))
}

fn string(text: &str) -> String {
    go_json(&serde_json::Value::from(text).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, version: &str, repository: &str) -> Dependency {
        let (name, version, repository) = (name.into(), version.into(), repository.into());
        Dependency { name, version, repository, ..Dependency::default() }
    }

    #[test]
    fn the_json_is_that_of_go() {
        let check = |dependency: &Dependency, expected: &str| {
            assert_eq!(object(dependency), expected);
        };
        check(&dependency("a", "", ""), r#"{"name":"a","repository":""}"#);
        check(
            &dependency("a", ">=1 <2", "https://x/?a&b"),
            r#"{"name":"a","version":"\u003e=1 \u003c2","repository":"https://x/?a\u0026b"}"#,
        );
        let full = Dependency {
            condition: "a.on".into(),
            tags: vec!["t".into(), "\n\"".into()],
            enabled: true,
            import_values: r#"["x"]"#.into(),
            alias: "b".into(),
            ..dependency("a", "1", "r")
        };
        let rest = concat!(
            r#""condition":"a.on","tags":["t","\n\""],"#,
            r#""enabled":true,"import-values":["x"],"alias":"b"}"#
        );
        check(&full, &format!(r#"{{"name":"a","version":"1","repository":"r",{rest}"#));
    }
}
