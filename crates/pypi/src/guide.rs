//! The Python section of `INSTALL.md`: lines that work in the folder that holds `pypi/`.
//!
//! A function of the manifest alone.

use std::collections::BTreeMap;

use model::{Artifact, Manifest};

use crate::simple::{file_name, project};

/// Markdown about installing this release's Python packages; nothing when it has none.
#[must_use]
pub fn guide(manifest: &Manifest) -> Option<String> {
    let mut projects: BTreeMap<String, Vec<&Artifact>> = BTreeMap::new();
    for artifact in &manifest.artifacts {
        if let Some(name) = project(artifact) {
            projects.entry(name).or_default().push(artifact);
        }
    }
    let (first, files) = projects.first_key_value()?;
    let mut text =
        "## Python packages\n\n| Package | Version | Files |\n| --- | --- | --- |\n".to_owned();
    for (name, files) in &projects {
        let list: Vec<String> = files.iter().map(|file| format!("`{}`", file_name(file))).collect();
        text.push_str(&format!("| `{name}` | {} | {} |\n", version(files), list.join("<br>")));
    }
    text.push_str(
        "\nIn the folder that holds `pypi/`: keep the lines you want, and every byte is checked \
         against this list before it is installed.\n\n\
         ```sh\ncat > requirements.txt <<'END'\n",
    );
    for (name, files) in &projects {
        text.push_str(&format!("{name}=={}", version(files)));
        for artifact in files {
            text.push_str(&format!(" \\\n    --hash=sha256:{}", artifact.file.digest.hex()));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "END\n\
         pip install --require-hashes --no-deps --no-index --find-links pypi -r requirements.txt\n\
         ```\n\n\
         Then what a package needs from your own index:\n\n\
         ```sh\npip install '{first}=={}'\n```\n\n\
         When all that it needs stands in this release, one line does both:\n\n\
         ```sh\npip install --index-url \"file://$PWD/pypi/simple/\" '{first}=={}'\n```\n",
        version(files),
        version(files),
    ));
    Some(text)
}

fn version<'a>(files: &[&'a Artifact]) -> &'a str {
    files.first().map_or("", |artifact| artifact.version.as_str())
}

#[cfg(test)]
mod tests {
    use model::{Digest, FileEntry, Release, ToolUse, UnitId, Version};

    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let artifact = |path: &&str| Artifact {
            unit: UnitId("a/pypi".to_owned()),
            package: "a".to_owned(),
            format: crate::FORMAT,
            kind: if path.ends_with(".whl") { crate::WHEEL } else { crate::SDIST },
            platform: None,
            version: "1.0".to_owned(),
            reference: String::new(),
            file: FileEntry { path: (*path).to_owned(), size: 0, digest: Digest::of(b"") },
            files: Vec::new(),
            materials: Vec::new(),
            notes: Vec::new(),
        };
        let _tool = ToolUse { name: "x".to_owned(), version: "1".to_owned(), digest: None };
        Manifest {
            artifacts: paths.iter().map(artifact).collect(),
            ..Manifest::new(ToolUse::default(), Release::new(Version::parse("1.0").unwrap()))
        }
    }

    #[test]
    fn the_guide_pins_every_file_by_its_digest() {
        let text =
            guide(&manifest(&["pypi/a_b-1.0-py3-none-any.whl", "pypi/a_b-1.0.tar.gz"])).unwrap();
        let hash = format!(" \\\n    --hash=sha256:{}", Digest::of(b"").hex());
        assert!(text.contains(&format!("\na-b==1.0{hash}{hash}\nEND\n")), "{text}");
        assert!(text.contains("file://$PWD/pypi/simple/\" 'a-b==1.0'"), "{text}");
    }

    #[test]
    fn a_release_without_python_packages_has_no_section() {
        assert_eq!(guide(&manifest(&[])), None);
    }
}
