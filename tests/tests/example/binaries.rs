//! The executables: `file` says what each is, the kernel and qemu run those that they can, and MCP
//! clients talk to them.

use std::path::Path;
use std::process::Command;

use product_tests::judges::{self, Judge};
use serde_json::json;

use super::manifest::{Release, name_of, words};
use super::mcp::Round;
use super::serving::Server;

/// What `file` must say of an executable for a platform.
const KINDS: &[(&str, &[&str])] = &[
    ("linux-amd64", &["ELF 64-bit LSB", "x86-64", "statically linked", "stripped"]),
    ("linux-arm64", &["ELF 64-bit LSB", "ARM aarch64", "statically linked", "stripped"]),
    ("darwin-amd64", &["Mach-O 64-bit x86_64 executable"]),
    ("darwin-arm64", &["Mach-O 64-bit arm64 executable"]),
    ("windows-amd64", &["PE32+ executable", "(console) x86-64", "for MS Windows"]),
];

fn echo() -> Round<'static> {
    Round {
        name: "mcp-server-echo",
        tool: "reverse",
        arguments: json!({"text": "desserts"}),
        expected: "stressed",
    }
}

fn time() -> Round<'static> {
    Round {
        name: "mcp-server-time",
        tool: "convert_time",
        arguments: json!({"time": "2026-01-15T12:00:00Z", "to": "Asia/Kolkata"}),
        expected: "2026-01-15T17:30:00+05:30",
    }
}

/// Both servers for a platform, each with what it is asked.
fn servers(release: &Release, platform: &str) -> [(String, Round<'static>); 2] {
    [echo(), time()].map(|round| {
        let path = release.dist.join(format!("binary/{}-{platform}", round.name));
        (path.display().to_string(), round)
    })
}

#[test]
fn file_agrees_with_every_name_on_format_architecture_and_linking() {
    let release = Release::example();
    let binaries = release.files("binary");
    let Some(verdict) = judges::run("file", &[&["--brief"], &words(&binaries)[..]].concat()) else {
        return;
    };
    let told = verdict.accepted().stdout;
    assert_eq!(told.lines().count(), binaries.len());
    for (line, path) in told.lines().zip(&binaries) {
        let name = name_of(path).trim_end_matches(".exe");
        let (_, parts) = KINDS.iter().find(|(platform, _)| name.ends_with(platform)).unwrap();
        for part in *parts {
            assert!(line.contains(part), "{name}: `{part}` is not in `{line}`");
        }
    }
    for (platform, _) in KINDS {
        let of_it = |path: &&std::path::PathBuf| name_of(path).contains(platform);
        assert_eq!(binaries.iter().filter(of_it).count(), 2, "a Go and a Rust one for {platform}");
    }
    println!("{} executables", binaries.len());
}

#[test]
fn the_servers_for_this_machine_speak_mcp_over_both_transports() {
    for (path, round) in servers(&Release::example(), "linux-amd64") {
        let version = judges::Verdict::of(Command::new(&path).arg("--version")).accepted();
        assert_eq!(version.stdout.trim(), format!("{} 1.0.0", round.name));
        round.over_stdio(&mut Command::new(&path));
        let server = Server::start(Command::new(&path).args(["--port", "0"]), None);
        round.over_http(&server);
        assert_eq!(server.get("/health").status, 200);
        let health = ["--health", "--port", server.port()];
        judges::Verdict::of(Command::new(&path).args(health)).accepted();
        drop(server);
    }
}

#[test]
fn the_servers_for_arm64_speak_mcp_under_an_emulator() {
    let Some(qemu) = judges::find("qemu-aarch64-static") else { return };
    for (path, round) in servers(&Release::example(), "linux-arm64") {
        let version = qemu.run(&[&path, "--version"]).accepted();
        assert_eq!(version.stdout.trim(), format!("{} 1.0.0", round.name));
        round.over_stdio(qemu.command().arg(&path));
        refuses_the_other_architecture(&qemu, Path::new(&path));
    }
}

/// Or the emulator would show nothing.
fn refuses_the_other_architecture(qemu: &Judge, arm64: &Path) {
    let amd64 = arm64.to_str().unwrap().replace("arm64", "amd64");
    qemu.run(&[&amd64, "--version"]).refused();
}
