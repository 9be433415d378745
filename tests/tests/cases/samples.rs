//! The smallest projects of each kind that people release.

use super::tree::Tree;

pub const CHART: &str = "apiVersion: v2\nname: web\ndescription: A chart\nversion: 1.0.0\n";
pub const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";
pub const VALUES: &str = "a: 1\n";

pub const PROJECT: &str = "[build-system]\nrequires = [\"flit_core>=3.11,<4\"]\n\
                           build-backend = \"flit_core.buildapi\"\n\
                           [project]\nname = \"kit\"\nversion = \"1.0.0\"\n\
                           description = \"A small thing\"\nreadme = \"README.md\"\n";

pub const GO_MOD: &str = "module example.com/tool\n\ngo 1.22\n";
pub const GO_MAIN: &str = "package main\n\nfunc main() {}\n";

/// A chart `web`, not yet committed.
pub fn chart() -> Tree {
    Tree::bare(&[
        ("charts/web/Chart.yaml", CHART),
        ("charts/web/values.yaml", VALUES),
        ("charts/web/templates/map.yaml", MAP),
    ])
}

/// A Python project `kit`, not yet committed.
pub fn project() -> Tree {
    Tree::bare(&[
        ("pyproject.toml", PROJECT),
        ("README.md", "# Kit\n"),
        ("kit/__init__.py", "X = 1\n"),
    ])
}
