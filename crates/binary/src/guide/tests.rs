use model::{Asset, Digest, FileEntry, Release, ToolUse, UnitId, Version};

use super::*;

fn manifest(repository: &str, platforms: &[Platform]) -> Manifest {
    let artifact = |platform: &Platform| Artifact {
        unit: UnitId::new("time", crate::FORMAT, Some(*platform)),
        package: "time".into(),
        format: crate::FORMAT,
        kind: crate::BINARY,
        platform: Some(*platform),
        version: "1.0.0".into(),
        reference: String::new(),
        file: FileEntry {
            path: format!("binary/{}", crate::file_name("mcp-time", *platform)),
            size: 1,
            digest: Digest::of(b"x"),
        },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    let artifacts: Vec<Artifact> = platforms.iter().map(artifact).collect();
    let asset = |artifact: &Artifact| Asset {
        name: artifact.file.path.replace("binary/", ""),
        path: artifact.file.path.clone(),
    };
    Manifest {
        assets: artifacts.iter().map(asset).collect(),
        artifacts,
        ..Manifest::new(
            ToolUse::default(),
            Release {
                repository: repository.into(),
                ..Release::new(Version::parse("1.0.0").unwrap())
            },
        )
    }
}

fn check(platform: Platform, expected: &[&str]) {
    let text = guide(&manifest("https://example.org/o/r", &[platform])).unwrap();
    for line in expected {
        assert!(text.lines().any(|found| found == *line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn every_system_gets_commands_that_it_has() {
    let base = "https://example.org/o/r/releases/download/v1.0.0";
    check(
        Platform::LinuxArm64,
        &[
            "### `mcp-time` 1.0.0",
            &format!("curl -fLO {base}/mcp-time-linux-arm64"),
            "sha256sum -c --ignore-missing checksums.txt",
            "chmod +x mcp-time-linux-arm64",
        ],
    );
    check(Platform::DarwinArm64, &["shasum -a 256 -c --ignore-missing checksums.txt"]);
    let digest = Digest::of(b"x").hex();
    check(
        Platform::WindowsAmd64,
        &[
            &format!("Invoke-WebRequest {base}/mcp-time-windows-amd64.exe -OutFile mcp-time.exe"),
            &format!(
                "(Get-FileHash mcp-time.exe -Algorithm SHA256).Hash -eq '{digest}'   \
                 # must print True"
            ),
        ],
    );
}

#[test]
fn a_release_without_executables_or_without_an_address_has_no_section() {
    assert_eq!(guide(&manifest("https://example.org/o/r", &[])), None);
    assert_eq!(guide(&manifest("", &Platform::ALL)), None);
}
