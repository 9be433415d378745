//! A sample release with something for every destination: a wheel and an sdist, a binary, its
//! image, a chart.

use std::fs;
use std::path::PathBuf;

use crate::product;
use crate::scratch::Scratch;

/// A small repository in a folder of its own, or its sealed and signed release.
#[derive(Debug)]
pub struct Sample {
    tree: Scratch,
}

impl Sample {
    /// Builds version 1.0.0 for the registry at `registry` (`127.0.0.1:5000`). The program says
    /// `greeting`: two greetings are two releases of one version.
    ///
    /// Go and helm come from the cache, which the main job fills.
    pub fn build(registry: &str, greeting: &str) -> Self {
        let sample = Self::write(registry, greeting);
        let words = ["release", "--local", sample.folder(), "--offline"].into_iter().chain(WANTED);
        product::run(&words.collect::<Vec<_>>()).accepted();
        sample
    }

    /// Writes the sources only.
    pub fn write(registry: &str, greeting: &str) -> Self {
        let tree = Scratch::new("sample").expect("a scratch folder");
        let config = CONFIG.replace("REGISTRY", registry);
        let program = PROGRAM.replace("GREETING", greeting);
        for (path, text) in [
            ("package-actions.toml", config.as_str()),
            ("CHANGELOG.md", "# Changelog\n\n## 1.0.0\n\n- It says hello.\n\n## 0.9.0\n\n- No.\n"),
            ("lib/pyproject.toml", "[project]\nname = \"small-lib\"\nversion = \"1.0.0\"\n"),
            ("server/go.mod", "module example.com/server\n\ngo 1.24\n"),
            ("server/main.go", &program),
            ("chart/Chart.yaml", CHART),
            ("chart/values.yaml", "greeting: hello\n"),
            ("chart/templates/map.yaml", MAP),
        ] {
            let file = tree.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file of the sample release");
        }
        Self { tree }
    }

    /// Where its sources are.
    pub fn folder(&self) -> &str {
        self.tree.path().to_str().expect("UTF-8")
    }

    /// Its `dist/`.
    pub fn dist(&self) -> PathBuf {
        self.tree.join("dist")
    }
}

/// What is released of it. Its library is left out: a meta package over it needs no tool.
pub const WANTED: [&str; 6] =
    ["--package", "small-all", "--package", "small-server", "--package", "small-chart"];

const CONFIG: &str = r#"[release]
version = "1.0.0"
registry = "REGISTRY/team"
repository = "https://github.com/owner/repo"

[[package]]
name = "small-lib"
python = { path = "lib" }

[[package]]
name = "small-all"
description = "All of it"
license = "MIT"
python = { meta = "small-lib" }

[[package]]
name = "small-server"
description = "Says hello"
license = "MIT"
binary = { go = "server", platforms = ["linux-amd64", "linux-arm64"] }
image = { from = "binary", ports = [9000] }

[[package]]
name = "small-chart"
chart = { path = "chart" }
"#;

const PROGRAM: &str = "package main\n\nimport \"os\"\n\n\
                       func main() { os.Stdout.WriteString(\"GREETING\\n\") }\n";

/// With whatever Helm takes into a registry.
const CHART: &str = "apiVersion: v2\nname: small-chart\nversion: 1.0.0\nappVersion: \"1.0\"\n\
                     description: |\n  Says <hello> &\n  nothing else\ntype: application\n\
                     icon: https://example.com/icon.svg\nhome: https://example.com\n\
                     sources: [https://example.com/a, https://example.com/b]\n\
                     keywords: [small, chart]\nkubeVersion: '>=1.20.0-0'\n\
                     condition: small.enabled\ntags: small,chart\n\
                     maintainers: [{name: A, email: a@example.com}, {name: B}]\n\
                     annotations:\n  artifacthub.io/license: MIT\n  z: last\n";

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n\
                   data:\n  greeting: {{ .Values.greeting | quote }}\n";
