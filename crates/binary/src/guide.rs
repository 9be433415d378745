//! How to install the executables of a release: a section of `INSTALL.md`.

use model::{Artifact, Manifest, Platform};

/// The section about executables; `None` if the release has none, or if their download address is
/// not known.
#[must_use]
pub fn guide(manifest: &Manifest) -> Option<String> {
    let release = &manifest.release;
    if release.repository.is_empty() {
        return None;
    }
    let base = format!("{}/releases/download/{}", release.repository, release.tag);
    let mut names: Vec<(&str, Vec<&Artifact>)> = Vec::new();
    for artifact in &manifest.artifacts {
        let Some(name) = name(artifact) else { continue };
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, artifacts)) => artifacts.push(artifact),
            None => names.push((name, vec![artifact])),
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut text = String::from("## Executables\n");
    for (name, artifacts) in names {
        let version = artifacts.first().map_or("", |artifact| artifact.version.as_str());
        text.push_str(&format!("\n### `{name}` {version}\n"));
        for artifact in artifacts {
            text.push_str(&section(&base, name, artifact, asset(manifest, artifact)));
        }
    }
    Some(text)
}

/// The executable's name without platform and suffix.
fn name(artifact: &Artifact) -> Option<&str> {
    if artifact.kind != crate::BINARY {
        return None;
    }
    let platform = artifact.platform?;
    let file = artifact.file.path.rsplit('/').next()?;
    file.strip_suffix(&format!("-{platform}{}", platform.exe_suffix()))
}

/// The flat name that it is downloaded under.
fn asset<'m>(manifest: &'m Manifest, artifact: &'m Artifact) -> &'m str {
    let found = manifest.assets.iter().find(|asset| asset.path == artifact.file.path);
    let file = artifact.file.path.rsplit('/').next().unwrap_or_default();
    found.map_or(file, |asset| asset.name.as_str())
}

fn section(base: &str, name: &str, artifact: &Artifact, asset: &str) -> String {
    let title = match artifact.platform {
        Some(Platform::LinuxAmd64) => "Linux, x86-64",
        Some(Platform::LinuxArm64) => "Linux, arm64",
        Some(Platform::DarwinAmd64) => "macOS, Intel",
        Some(Platform::DarwinArm64) => "macOS, Apple silicon",
        Some(Platform::WindowsAmd64) => "Windows, x86-64 (PowerShell)",
        None => "",
    };
    let lines = match artifact.platform {
        Some(Platform::WindowsAmd64) => windows(base, name, asset, artifact),
        Some(Platform::DarwinAmd64 | Platform::DarwinArm64) => {
            // macOS has no `sha256sum`; `shasum` reads the same lists.
            unix(base, asset, "shasum -a 256 -c --ignore-missing checksums.txt")
        }
        _ => unix(base, asset, "sha256sum -c --ignore-missing checksums.txt"),
    };
    format!("\n{title}:\n\n{lines}")
}

fn unix(base: &str, asset: &str, check: &str) -> String {
    format!(
        "```sh\ncurl -fLO {base}/{asset}\ncurl -fLO {base}/checksums.txt\n{check}\n\
         chmod +x {asset}\n```\n"
    )
}

fn windows(base: &str, name: &str, asset: &str, artifact: &Artifact) -> String {
    let digest = artifact.file.digest.hex();
    format!(
        "```powershell\nInvoke-WebRequest {base}/{asset} -OutFile {name}.exe\n\
         (Get-FileHash {name}.exe -Algorithm SHA256).Hash -eq '{digest}'   # must print True\n```\n"
    )
}

#[cfg(test)]
mod tests;
