//! What `init` proposes, `plan` accepts: of trees put together at random from the projects that
//! people have.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

/// A project: its name here, and its files; `NAME` stands for what it is called.
type Project = (&'static str, &'static [(&'static str, &'static str)]);

const PROJECTS: &[Project] = &[
    (
        "flit, literal",
        &[(
            "pyproject.toml",
            "[project]\nname = \"NAME\"\nversion = \"1.0.0\"\n[build-system]\n\
             requires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n",
        )],
    ),
    (
        "setuptools, attribute of a src layout",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\ndynamic = [\"version\"]\n[build-system]\n\
                 requires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n\
                 [tool.setuptools.dynamic]\nversion = { attr = \"pkg.__version__\" }\n",
            ),
            ("src/pkg/__init__.py", "__version__ = \"1.0.0\"\n"),
        ],
    ),
    (
        "setuptools, a VERSION file",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\ndynamic = [\"version\"]\n[build-system]\n\
                 requires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n\
                 [tool.setuptools.dynamic]\nversion = { file = \"VERSION\" }\n",
            ),
            ("VERSION", "1.0.0\n"),
        ],
    ),
    (
        "setuptools-scm",
        &[(
            "pyproject.toml",
            "[project]\nname = \"NAME\"\ndynamic = [\"version\"]\n[build-system]\n\
             requires = [\"setuptools\", \"setuptools-scm\"]\n\
             build-backend = \"setuptools.build_meta\"\n[tool.setuptools_scm]\n",
        )],
    ),
    (
        "hatch, a path",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\ndynamic = [\"version\"]\n[build-system]\n\
                 requires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\
                 [tool.hatch.version]\npath = \"pkg/about.py\"\n",
            ),
            ("pkg/about.py", "__version__ = \"1.0.0\"\n"),
        ],
    ),
    (
        "poetry",
        &[(
            "pyproject.toml",
            "[tool.poetry]\nname = \"NAME\"\nversion = \"1.0.0\"\n[build-system]\n\
             requires = [\"poetry-core\"]\nbuild-backend = \"poetry.core.masonry.api\"\n",
        )],
    ),
    ("setup.cfg", &[("setup.cfg", "[metadata]\nname = NAME\nversion = 1.0.0\n")]),
    (
        "setup.py alone",
        &[("setup.py", "from setuptools import setup\nsetup(name='NAME', version='1.0.0')\n")],
    ),
    (
        "PyO3, stable ABI",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\nversion = \"1.0.0\"\n[build-system]\n\
                 requires = [\"maturin\"]\nbuild-backend = \"maturin\"\n",
            ),
            (
                "Cargo.toml",
                "[package]\nname = \"NAME\"\nversion = \"1.0.0\"\n[lib]\ncrate-type = \
                 [\"cdylib\"]\n[dependencies]\npyo3 = { version = \"0.22\", features = \
                 [\"abi3-py39\", \"extension-module\"] }\n",
            ),
            ("Cargo.lock", "version = 4\n"),
            ("src/lib.rs", ""),
        ],
    ),
    (
        "PyO3 without it",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\nversion = \"1.0.0\"\nrequires-python = \">=3.11\"\n\
                 [build-system]\nrequires = [\"maturin\"]\nbuild-backend = \"maturin\"\n",
            ),
            (
                "Cargo.toml",
                "[package]\nname = \"NAME\"\nversion = \"1.0.0\"\n[lib]\ncrate-type = \
                 [\"cdylib\"]\n[dependencies]\npyo3 = \"0.22\"\n",
            ),
            ("Cargo.lock", "version = 4\n"),
            ("src/lib.rs", ""),
        ],
    ),
    (
        "a program that maturin wraps",
        &[
            (
                "pyproject.toml",
                "[project]\nname = \"NAME\"\nversion = \"1.0.0\"\n[build-system]\n\
                 requires = [\"maturin\"]\nbuild-backend = \"maturin\"\n[tool.maturin]\n\
                 bindings = \"bin\"\n",
            ),
            ("Cargo.toml", "[package]\nname = \"NAME\"\nversion = \"1.0.0\"\n"),
            ("Cargo.lock", "version = 4\n"),
            ("src/main.rs", "fn main() {}\n"),
        ],
    ),
    (
        "Go, at its root",
        &[("go.mod", "module example.com/NAME\n\ngo 1.21\n"), ("main.go", GO_MAIN)],
    ),
    (
        "Go, commands, one of them for Linux",
        &[
            ("go.mod", "module example.com/NAME/v3\n\ngo 1.21\n"),
            ("cmd/NAME-one/main.go", GO_MAIN),
            ("cmd/NAME-two/main_linux.go", GO_MAIN),
            ("internal/lib.go", "package internal\n"),
        ],
    ),
    (
        "Rust, a workspace with a feature that a binary requires",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"one\"]\nresolver = \"2\"\n"),
            ("Cargo.lock", "version = 4\n"),
            (
                "one/Cargo.toml",
                "[package]\nname = \"NAME\"\nversion = \"1.0.0\"\n[features]\ncli = []\n\
                 [[bin]]\nname = \"NAME\"\npath = \"src/main.rs\"\nrequired-features = [\"cli\"]\n",
            ),
            ("one/src/main.rs", "fn main() {}\n"),
        ],
    ),
    (
        "Rust, two binaries",
        &[
            ("Cargo.toml", "[package]\nname = \"NAME\"\nversion = \"1.0.0\"\n"),
            ("Cargo.lock", "version = 4\n"),
            ("src/main.rs", "fn main() {}\n"),
            ("src/bin/NAME-extra.rs", "fn main() {}\n"),
        ],
    ),
    (
        "a chart",
        &[
            ("Chart.yaml", "apiVersion: v2\nname: NAME\nversion: 1.0.0\n"),
            ("templates/a.yaml", "a: 1\n"),
        ],
    ),
    (
        "a library chart, of appVersion alone another",
        &[(
            "Chart.yaml",
            "apiVersion: v2\nname: NAME\nversion: 1.0.0\ntype: library\nappVersion: \"7\"\n",
        )],
    ),
    (
        "a chart of another version",
        &[("Chart.yaml", "apiVersion: v2\nname: NAME\nversion: 4.5.6\n")],
    ),
    ("an image", &[("Dockerfile", "FROM scratch\nCOPY a /a\nUSER 65532\n"), ("a", "")]),
];

const GO_MAIN: &str = "package main\n\nfunc main() {}\n";

/// Where projects lie: at the root at most one.
const FOLDERS: [&str; 6] = [".", "one", "packages/two", "charts/three", "cmd/server", "app"];

/// Puts `project` into `folder` of `tree`.
fn put(tree: &Path, folder: &str, project: &Project) {
    let name = folder.rsplit('/').next().filter(|name| *name != ".").unwrap_or("whole");
    for (path, text) in project.1 {
        let file = tree.join(folder).join(path.replace("NAME", name));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text.replace("NAME", name)).unwrap();
    }
}

/// What `init` and then `plan` say of the tree that `projects` make.
fn proposal_is_accepted(projects: &BTreeMap<&str, &Project>) {
    let tree = Scratch::new("proposals").unwrap();
    for (folder, project) in projects {
        put(tree.path(), folder, project);
    }
    let told: Vec<String> =
        projects.iter().map(|(folder, (name, _))| format!("{folder}: {name}")).collect();
    let run =
        |step: &str| Verdict::of(product::command().arg(step).arg(".").current_dir(tree.path()));
    let init = run("init");
    assert_eq!(init.code, 0, "{told:?}: {}", init.told());
    let plan = run("plan");
    let proposed = fs::read_to_string(tree.join("package-actions.toml")).unwrap();
    assert_eq!(plan.code, 0, "{told:?}:\n{proposed}\n{}", plan.told());
}

#[test]
fn what_is_proposed_for_a_project_is_accepted() {
    for project in PROJECTS {
        for folder in FOLDERS {
            proposal_is_accepted(&BTreeMap::from([(folder, project)]));
        }
    }
}

#[test]
fn what_is_proposed_for_several_projects_is_accepted() {
    // Every pair once, and larger trees that step through the list at different paces.
    for (first, one) in PROJECTS.iter().enumerate() {
        for two in &PROJECTS[first..] {
            proposal_is_accepted(&BTreeMap::from([("one", one), ("packages/two", two)]));
        }
    }
    for pace in 1..PROJECTS.len() {
        let project = |(place, folder): (usize, &&'static str)| {
            (*folder, &PROJECTS[(place * pace + pace / 3) % PROJECTS.len()])
        };
        proposal_is_accepted(&FOLDERS.iter().enumerate().map(project).collect());
    }
}
