//! Folders whose contents a repository does not ship.

/// Why nothing below a folder of `path` is proposed; nothing when it may be.
pub(super) fn ignored(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').filter(|part| !part.is_empty()).any(|part| {
        let lower = part.to_ascii_lowercase();
        NAMES.contains(&lower.as_str())
            || part.starts_with('.')
            || part.contains("{{")
            || part.contains("{%")
            || lower.ends_with("_templates")
            || lower.ends_with("-templates")
            || lower.ends_with(".egg-info")
            || lower.ends_with(".dist-info")
    })
}

/// Whether a manifest's text is a template's.
pub fn is_template(text: &str) -> bool {
    text.contains("{{ cookiecutter") || text.contains("{{cookiecutter") || text.contains("{%")
}

/// Vendored code, build output, templates, and what is there to test or to show.
const NAMES: [&str; 32] = [
    "vendor",
    "vendored",
    "node_modules",
    "third_party",
    "third-party",
    "thirdparty",
    "site-packages",
    "venv",
    "__pycache__",
    "target",
    "dist",
    "build",
    "out",
    "template",
    "templates",
    "cookiecutter",
    "test",
    "tests",
    "testdata",
    "test-data",
    "testing",
    "fixture",
    "fixtures",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "bench",
    "benches",
    "fuzz",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_repository_ships_is_looked_at() {
        for path in ["pyproject.toml", "servers/time/go.mod", "latest/x/go.mod", "vendor.toml"] {
            assert!(!ignored(path), "{path} was ignored");
        }
        for path in [
            "vendor/a/go.mod",
            "a/node_modules/b/Dockerfile",
            ".devcontainer/Dockerfile",
            "plugin_templates/x/pyproject.toml",
            "{{cookiecutter.slug}}/pyproject.toml",
            "a/Tests/pyproject.toml",
            "x.egg-info/PKG-INFO",
            "lib/python3.12/site-packages/a/pyproject.toml",
        ] {
            assert!(ignored(path), "{path} was not ignored");
        }
    }
}
