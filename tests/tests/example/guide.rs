//! INSTALL.md, typed line by line: every command block runs in a folder of its own, against copies
//! on this machine of what the lines would download.
//!
//! Downloads come from `dist/github`, registries are loopback ones, `helm install` renders instead
//! (there is no cluster), and of docker, whose daemon is missing, only `load` has a stand-in.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::{self, Judge, Registry, Verdict};
use product_tests::scratch::Scratch;
use product_tests::{product, skip};

use super::manifest::Release;

/// A command block: its language and its lines.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    text: String,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in guide.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(language), false) => {
                found.push(Block { language: language.to_owned(), text: String::new() });
                inside = true;
            }
            (Some(_), true) => inside = false,
            (None, true) => {
                let block = found.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    found
}

/// The folder in which a reader would type, and what stands there and on PATH.
struct Reader {
    work: Scratch,
    registry: Registry,
    release: Release,
}

impl Reader {
    /// `None` where a judge is missing.
    fn sit_down() -> Option<Self> {
        let (helm, skopeo) = (judges::find("helm4")?, judges::find("skopeo")?);
        let (work, registry) = (Scratch::new("guide").ok()?, Registry::start()?);
        let reader = Self { work, registry, release: Release::example() };
        let desk = reader.work.join("desk");
        fs::create_dir_all(&desk).unwrap();
        for folder in ["pypi", "oci"] {
            symlink(reader.release.dist.join(folder), desk.join(folder)).unwrap();
        }
        symlink(&reader.release.dist, desk.join("dist")).unwrap();
        let mut python = Command::new("python3");
        Verdict::of(python.args(["-m", "venv"]).arg(reader.work.join("venv"))).accepted();
        reader.equip(&helm, &skopeo);
        reader.trust_the_registry();
        reader.publish_the_chart(&helm);
        Some(reader)
    }

    /// Programs that stand before the machine's own on PATH.
    fn equip(&self, helm: &Judge, skopeo: &Judge) {
        let (helm, skopeo) = (helm.path().display(), skopeo.path().display());
        let program = |name: &str, lines: &str| {
            let path = self.place("bin").join(name);
            fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        };
        program(
            "helm",
            &format!(
                "[ \"$1\" = install ] && shift && set -- template \"$@\"\n\
                 case \"$*\" in *oci://*) set -- \"$@\" --plain-http;; esac\n\
                 exec '{helm}' \"$@\""
            ),
        );
        program("skopeo", &format!("exec '{skopeo}' \"$@\""));
        program(
            "docker",
            &format!(
                "case \"$1\" in\n\
                 load) exec '{skopeo}' inspect --config \"docker-archive:$3\" ;;\n\
                 *) echo \"docker $*\" >>'{}' ;;\nesac",
                self.work.join("skipped").display()
            ),
        );
        symlink(product::binary(), self.place("bin").join("package-actions")).unwrap();
    }

    /// skopeo's settings for a registry without TLS and for images that nobody signed for it.
    fn trust_the_registry(&self) {
        let settings = self.place("home/.config/containers");
        let policy = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;
        fs::write(settings.join("policy.json"), policy).unwrap();
        let address = self.registry.address();
        let registries = format!("[[registry]]\nlocation = \"{address}\"\ninsecure = true\n");
        fs::write(settings.join("registries.conf"), registries).unwrap();
    }

    fn publish_the_chart(&self, helm: &Judge) {
        let chart = self.release.files("chart").remove(0);
        let repository = format!("oci://{}/contextforge-org/helm-charts", self.registry.address());
        let mut push = helm.command();
        push.arg("push").arg(chart).args([&repository, "--plain-http"]);
        Verdict::of(push.env("HOME", self.place("home"))).accepted();
    }

    fn place(&self, name: &str) -> PathBuf {
        let place = self.work.join(name);
        fs::create_dir_all(&place).unwrap();
        place
    }

    /// Types a block, with each address replaced by its copy here.
    fn types(&self, text: &str) -> Verdict {
        let downloads = "https://github.com/contextforge-org/contextforge/releases/download/v1.0.0";
        let copies = format!("file://{}", self.release.dist.join("github").display());
        let address = self.registry.address();
        let text = text.replace(downloads, &copies);
        let text = text.replace("ghcr.io/", &format!("{address}/"));
        let text = text.replace("registry.example/", &format!("{address}/own/"));
        assert!(!text.contains("https://"), "an address without a copy here:\n{text}");
        let own = [self.place("bin"), self.work.join("venv/bin")];
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path)));
        let index = format!("file://{}/", self.release.dist.join("pypi/simple").display());
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", &text]).current_dir(self.place("desk"));
        bash.env("PATH", path.unwrap()).env("HOME", self.place("home"));
        bash.env("CONTAINERS_REGISTRIES_CONF", self.settings("registries.conf"));
        bash.env("PIP_CONFIG_FILE", "/dev/null").env("PIP_INDEX_URL", index);
        Verdict::of(bash.env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))
    }

    fn settings(&self, name: &str) -> PathBuf {
        self.work.join("home/.config/containers").join(name)
    }
}

#[test]
fn every_command_of_the_guide_runs() {
    let Some(reader) = Reader::sit_down() else { return };
    let guide = fs::read_to_string(reader.release.dist.join("INSTALL.md")).unwrap();
    let blocks = blocks(&guide);
    let mut typed = 0;
    for block in &blocks {
        match block.language.as_str() {
            "sh" => {
                reader.types(&block.text).accepted();
                typed += 1;
            }
            "powershell" => names_the_digest(&reader.release, &block.text),
            language => panic!("a block in `{language}`: {block:?}"),
        }
    }
    let skipped = fs::read_to_string(reader.work.join("skipped")).unwrap_or_default();
    for line in skipped.lines() {
        skip::skip("INSTALL.md", &format!("no daemon for `{line}`"));
    }
    assert!(typed >= 10, "{typed} blocks");
    left_behind(&reader.work.join("desk"));
    println!(
        "{typed} of {} blocks, {} docker lines skipped",
        blocks.len(),
        skipped.lines().count()
    );
}

/// What the lines for Linux leave behind is there and runs.
fn left_behind(desk: &Path) {
    for server in ["mcp-server-echo", "mcp-server-time"] {
        let mut command = Command::new(desk.join(format!("{server}-linux-amd64")));
        Verdict::of(command.arg("--version")).accepted();
    }
    assert!(desk.join("mcp-stack-1.0.0.tgz").is_file());
}

/// PowerShell is no tool of this machine: at least the digest in its lines is the file's.
fn names_the_digest(release: &Release, text: &str) {
    let artifacts = release.artifacts("binary");
    let named = artifacts.iter().find(|artifact| {
        let path = artifact["path"].as_str().unwrap();
        text.contains(path.rsplit('/').next().unwrap())
    });
    let digest = named.unwrap()["digest"].as_str().unwrap().trim_start_matches("sha256:");
    assert!(text.contains(digest), "{text}");
    skip::skip("INSTALL.md", "no PowerShell on this machine");
}

#[test]
fn blocks_are_told_from_the_text_around_them() {
    let found = blocks("a\n```sh\none\ntwo\n```\nb\n```powershell\nthree\n```\n");
    let block = |language: &str, text: &str| Block { language: language.into(), text: text.into() };
    assert_eq!(found, [block("sh", "one\ntwo\n"), block("powershell", "three\n")]);
}
