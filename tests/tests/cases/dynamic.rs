//! Versions that a project keeps outside of its manifest: what `init` proposes is released.

use super::archives::wheel;
use super::tree::Tree;

/// A project by what it is built with, and the file that holds its version.
type Project = (&'static str, &'static [(&'static str, &'static str)]);

const HATCH: Project = (
    "hatch, a path",
    &[
        (
            "pyproject.toml",
            "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\
             [project]\nname = \"kit\"\ndynamic = [\"version\"]\n[tool.hatch.version]\n\
             path = \"src/kit/__init__.py\"\n",
        ),
        ("src/kit/__init__.py", "\"\"\"A module.\"\"\"\n__version__ = \"1.4.0\"\n"),
    ],
);

const FLIT: Project = (
    "flit",
    &[
        (
            "pyproject.toml",
            "[build-system]\nrequires = [\"flit_core>=3.11,<4\"]\n\
             build-backend = \"flit_core.buildapi\"\n[project]\nname = \"kit\"\n\
             dynamic = [\"version\", \"description\"]\n",
        ),
        ("kit/__init__.py", "\"\"\"A module.\"\"\"\n\n__version__ = '1.4.0'\n"),
    ],
);

/// With the table of its own that says where the version is.
macro_rules! setuptools {
    ($more:literal) => {
        concat!(
            "[build-system]\nrequires = [\"setuptools>=77\"]\n",
            "build-backend = \"setuptools.build_meta\"\n[project]\nname = \"kit\"\n",
            "dynamic = [\"version\"]\n",
            $more
        )
    };
}

const OTHERS: [Project; 5] = [
    (
        "setuptools, an attribute",
        &[
            (
                "pyproject.toml",
                setuptools!(
                    "[tool.setuptools.dynamic]\nversion = {attr = \"kit.about.VERSION\"}\n"
                ),
            ),
            ("src/kit/__init__.py", ""),
            ("src/kit/about.py", "import os\n\nVERSION = (1, 4, 0)\n"),
        ],
    ),
    (
        "setuptools, a file",
        &[
            (
                "pyproject.toml",
                setuptools!("[tool.setuptools.dynamic]\nversion = {file = [\"VERSION\"]}\n"),
            ),
            ("kit/__init__.py", ""),
            ("VERSION", "1.4.0\n"),
        ],
    ),
    (
        "setup.cfg, an attribute",
        &[
            (
                "setup.cfg",
                "[metadata]\nname = kit\nversion = attr: kit.__version__\n[options]\n\
                           package_dir =\n    = src\npackages = find:\n\
                           [options.packages.find]\nwhere = src\n",
            ),
            ("setup.py", "from setuptools import setup\nsetup()\n"),
            ("src/kit/__init__.py", "__version__ = \"1.4.0\"\n"),
        ],
    ),
    (
        "setup.py, a literal",
        &[
            (
                "setup.py",
                "from setuptools import setup\n\nsetup(\n  name=\"kit\",\n  version=\"1.4.0\",\n\
                 \x20 packages=[\"kit\"],\n)\n",
            ),
            ("kit/__init__.py", ""),
        ],
    ),
    (
        "pdm, a file",
        &[
            (
                "pyproject.toml",
                "[build-system]\nrequires = [\"pdm-backend\"]\nbuild-backend = \"pdm.backend\"\n\
                 [project]\nname = \"kit\"\ndynamic = [\"version\"]\n[tool.pdm.version]\n\
                 source = \"file\"\npath = \"src/kit/__init__.py\"\n",
            ),
            ("src/kit/__init__.py", "__version__ = \"1.4.0\"\n"),
        ],
    ),
];

/// The project as it is proposed, which is planned under its version.
fn proposed((name, files): Project) -> Tree {
    let tree = Tree::proposed(files);
    let told = tree.run(&["plan"]);
    assert!(told.code == 0 && told.stdout.contains("kit-1.4.0.tar.gz"), "{name}: {}", told.told());
    assert!(told.stderr.contains("plan sha256:"), "{name}: {}", told.told());
    assert!(!told.stderr.contains("warning["), "{name}: {}", told.told());
    tree
}

#[test]
fn a_version_that_is_written_somewhere_is_planned_as_proposed() {
    for project in OTHERS.into_iter().chain([HATCH, FLIT]) {
        proposed(project);
    }
}

#[test]
#[ignore = "slow cases: 1 min, builds a project for each way to keep a version"]
fn a_version_that_is_written_somewhere_is_released_as_proposed() {
    for project in OTHERS.into_iter().chain([HATCH, FLIT]) {
        let tree = proposed(project);
        tree.release(&[]);
        let found = wheel(&tree.only(".whl"));
        let about = found["kit-1.4.0.dist-info/METADATA"][1].as_str().unwrap();
        assert!(about.contains("Version: 1.4.0\n"), "{}: {about}", project.0);
    }
}

#[test]
#[ignore = "slow cases: 10 s, builds with hatchling"]
fn a_version_that_only_a_build_knows_is_told_by_it() {
    let manifest = "[build-system]\nrequires = [\"hatchling\"]\n\
                    build-backend = \"hatchling.build\"\n[project]\nname = \"kit\"\n\
                    dynamic = [\"version\"]\n[tool.hatch.version]\npath = \"kit/about.txt\"\n\
                    pattern = \"release: (?P<version>.+)\"\n";
    let tree = Tree::proposed(&[
        ("pyproject.toml", manifest),
        ("kit/__init__.py", ""),
        ("kit/about.txt", "release: 1.4.0\n"),
    ]);
    let told = tree.run(&["plan"]).accepted();
    assert!(told.stderr.contains("warning[python-version-unknown]"), "{}", told.told());
    let expected = "its backend made version 1.4.0, and the plan has 0.1.0";
    tree.refuses(&["release", "--local"], 3, &[expected]);
}
