//! Runs an image as a stranger would: skopeo picks the platform, umoci unpacks, runc runs. No
//! daemon.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{Judge, Verdict, find, missing};
use crate::scratch::Scratch;

/// What to run: an OCI layout on disk, the tag in its index, and what a `docker run` line would
/// add.
#[derive(Clone, Copy, Debug)]
pub struct ImageRun<'a> {
    /// The folder of the OCI layout.
    pub layout: &'a Path,
    /// The tag: `org.opencontainers.image.ref.name` in the layout's `index.json`.
    pub tag: &'a str,
    /// Appended behind the image's own entrypoint and command.
    pub arguments: &'a [&'a str],
    /// Whether the container shares the host's network (for a health check against a loopback
    /// port).
    pub host_network: bool,
}

/// An image unpacked and ready to run; what it needs on disk vanishes with this.
#[derive(Debug)]
pub struct Container {
    runc: Judge,
    name: String,
    work: Scratch,
}

/// Runs the linux/amd64 image of a layout to its end, as the user that the image names.
///
/// `None` where skopeo, umoci or runc is missing, as in [`find`], and told likewise where we are
/// not root, which runc needs.
pub fn run_image(run: &ImageRun) -> Option<Verdict> {
    Some(Verdict::of(&mut Container::prepare(run)?.run()))
}

impl Container {
    /// Unpacks the image, for who wants to do more than [`run_image`]; `None` as there.
    pub fn prepare(run: &ImageRun) -> Option<Self> {
        let (skopeo, umoci, runc) = (find("skopeo")?, find("umoci")?, find("runc")?);
        if fs::metadata("/proc/self").expect("a Linux machine").uid() != 0 {
            missing("runc (as root)");
            return None;
        }
        let work = Scratch::new("container").expect("a scratch folder");
        let image = work.join("one:run").display().to_string();
        // umoci takes no multi-architecture index: skopeo copies the one image out of it.
        let from = format!("oci:{}:{}", run.layout.display(), run.tag);
        let choice = ["--insecure-policy", "--override-os", "linux", "--override-arch", "amd64"];
        accept(&skopeo, &[&choice[..], &["copy", &from, &format!("oci:{image}")]].concat());
        let bundle = work.join("bundle").display().to_string();
        accept(&umoci, &["unpack", "--image", &image, &bundle]);
        settle(&work.join("bundle/config.json"), run);
        let name = work.path().file_name().expect("a scratch folder has a name").to_string_lossy();
        Some(Self { runc, name: name.into_owned(), work })
    }

    /// The line that runs it in the foreground.
    pub fn run(&self) -> Command {
        let mut command = self.runc("run");
        command.arg("--bundle").arg(self.work.join("bundle")).arg(&self.name);
        command
    }

    /// The line that tells of it as JSON while it runs: `pid` and `status`.
    pub fn state(&self) -> Command {
        let mut command = self.runc("state");
        command.arg(&self.name);
        command
    }

    /// The line that ends it, whatever it does.
    pub fn end(&self) -> Command {
        let mut command = self.runc("delete");
        command.arg("--force").arg(&self.name);
        command
    }

    fn runc(&self, verb: &str) -> Command {
        let mut command = self.runc.command();
        command.arg("--root").arg(self.work.join("state")).arg(verb);
        command
    }
}

fn accept(judge: &Judge, arguments: &[&str]) {
    judge.run(arguments).accepted();
}

/// No terminal (there is none in a test), the host's network where asked, and the arguments.
fn settle(config: &Path, run: &ImageRun) {
    let text = fs::read(config).expect("umoci's config.json");
    let mut value: Value = serde_json::from_slice(&text).expect("umoci writes JSON");
    value["process"]["terminal"] = json!(false);
    if let (true, Some(kinds)) = (run.host_network, value["linux"]["namespaces"].as_array_mut()) {
        kinds.retain(|namespace| namespace["type"] != "network");
    }
    let words = value["process"]["args"].as_array_mut().expect("umoci writes the arguments");
    words.extend(run.arguments.iter().map(|word| json!(word)));
    fs::write(config, value.to_string()).expect("config.json is ours to write");
}
