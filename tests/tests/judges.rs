//! The judges themselves: each one runs here, and says no to what is wrong. Without this, a judge
//! that accepts everything would make every other test worthless.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use product_tests::judges::{self, ImageRun, Registry};
use product_tests::scratch::Scratch;

#[test]
fn every_judge_starts_and_tells_its_version() {
    let check = |name: &str, argument: &str| {
        judges::run(name, &[argument]).map(judges::Verdict::accepted);
    };
    for name in ["twine", "check-wheel-contents", "abi3audit", "auditwheel", "check-jsonschema"] {
        check(name, "--version");
    }
    for name in ["skopeo", "umoci", "runc", "docker-registry", "qemu-aarch64-static", "file", "gpg"]
    {
        check(name, "--version");
    }
    for name in ["cosign", "crane", "helm3", "helm4"] {
        check(name, "version");
    }
    for name in ["ntia-checker", "pyspdxtools"] {
        check(name, "--help");
    }
}

#[test]
fn judges_refuse_what_is_wrong() {
    let work = Scratch::new("refused").unwrap();
    let check = |name: &str, flags: &[&str], file: &str| {
        let path = work.join(file);
        fs::write(&path, "{}\n").unwrap();
        let words: Vec<&str> = flags.iter().copied().chain([path.to_str().unwrap()]).collect();
        judges::run(name, &words).map(judges::Verdict::refused);
    };
    check("twine", &["check", "--strict"], "a-1.0-py3-none-any.whl");
    check("check-wheel-contents", &[], "a-1.0-py3-none-any.whl");
    check("auditwheel", &["show"], "a-1.0-py3-none-any.whl");
    check("pyspdxtools", &["--infile"], "a.spdx.json");
    check("ntia-checker", &["-c", "ntia", "--file"], "a.spdx.json");
    check("crane", &["validate", "--tarball"], "a.tar");
    check("helm3", &["lint", "--strict"], "chart");
    check("helm4", &["lint", "--strict"], "chart");
}

/// A layout with one image, `v1`: a static program as its entrypoint, the user 65532.
fn layout(work: &Scratch, mode: u32) -> Option<()> {
    let (umoci, qemu) = (judges::find("umoci")?, judges::find("qemu-aarch64-static")?);
    let program = work.join("program");
    let kept = judges::judges_root().join("debian/root/usr/bin/qemu-aarch64-static");
    fs::copy(if kept.is_file() { &kept } else { qemu.path() }, &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
    let layout = work.join("layout").display().to_string();
    let image = format!("{layout}:v1");
    umoci.run(&["init", "--layout", &layout]).accepted();
    umoci.run(&["new", "--image", &image]).accepted();
    let config =
        ["config", "--image", &image, "--architecture", "amd64", "--config.user", "65532:65532"];
    umoci.run(&[&config[..], &["--config.entrypoint", "/program"]].concat()).accepted();
    umoci.run(&["insert", "--image", &image, program.to_str().unwrap(), "/program"]).accepted();
    Some(())
}

#[test]
fn a_container_runs_as_the_user_that_its_image_names() {
    let check = |mode, runs: bool| {
        let work = Scratch::new("image").unwrap();
        layout(&work, mode)?;
        let run = ImageRun {
            layout: &work.join("layout"),
            tag: "v1",
            arguments: &["--version"],
            host_network: false,
        };
        let verdict = judges::run_image(&run)?;
        if runs {
            assert!(verdict.accepted().stdout.starts_with("qemu-aarch64 version"));
        } else {
            verdict.refused();
        }
        Some(())
    };
    check(0o755, true);
    // Only its owner, root, may run this one: so the user was not root.
    check(0o700, false);
}

#[test]
fn a_registry_takes_an_image_and_crane_finds_it_valid() {
    let work = Scratch::new("push").unwrap();
    let (Some(registry), Some(())) = (Registry::start(), layout(&work, 0o755)) else { return };
    let (Some(skopeo), Some(crane)) = (judges::find("skopeo"), judges::find("crane")) else {
        return;
    };
    let from = format!("oci:{}:v1", work.join("layout").display());
    let reference = format!("{}/tools/qemu:v1", registry.address());
    let to = format!("docker://{reference}");
    let copy = ["--insecure-policy", "copy", "--dest-tls-verify=false", &from, &to];
    skopeo.run(&copy).accepted();
    crane.run(&["validate", "--remote", &reference]).accepted();
    crane.run(&["validate", "--remote", &reference.replace(":v1", ":v2")]).refused();
}
