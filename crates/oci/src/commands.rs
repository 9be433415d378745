//! What `docker buildx` would be asked, for images from a Dockerfile.

use model::{ImageSource, Invocation, Platform, Problem};

use crate::About;

/// Where the build finds things; all as the child process should see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildPaths<'a> {
    /// The `docker` program.
    pub docker: &'a str,
    /// The staged copy of the tree, in which the build context and the Dockerfile lie.
    pub source: &'a str,
    /// The file that the layout's tar archive goes to.
    pub archive: &'a str,
}

/// The command that builds the image for `platform` to an OCI layout in a tar archive; nothing
/// for an image that needs no Dockerfile. Its times are the epoch's, so that a Dockerfile whose
/// steps are reproducible gives the same digest again; it brings no attestation of its own.
///
/// # Errors
/// When the version has no spelling as a tag.
pub fn commands(
    about: &About<'_>,
    platform: Platform,
    paths: &BuildPaths<'_>,
) -> Result<Vec<Invocation>, Problem> {
    let ImageSource::Dockerfile { dockerfile, context } = &about.image.source else {
        return Ok(Vec::new());
    };
    let output = format!("type=oci,dest={},rewrite-timestamp=true", paths.archive);
    let mut args: Vec<String> = [
        "buildx",
        "build",
        "--platform",
        &platform.oci(),
        "--provenance=false",
        "--sbom=false",
        "--output",
        &output,
        "--build-arg",
        &format!("SOURCE_DATE_EPOCH={}", about.epoch),
    ]
    .map(str::to_owned)
    .into();
    for (name, text) in about.texts()? {
        args.extend(["--label".to_owned(), format!("{name}={text}")]);
        args.extend(["--annotation".to_owned(), format!("manifest:{name}={text}")]);
    }
    args.extend(["--file".to_owned(), dockerfile.clone(), context.clone()]);
    let epoch = about.epoch.to_string();
    Ok(vec![Invocation::new(paths.docker, args).dir(paths.source).env("SOURCE_DATE_EPOCH", epoch)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::tests::{package, release};

    #[test]
    fn a_dockerfile_becomes_one_line_to_paste() {
        let (mut package, release) = (package(), release());
        package.description = "it's a clock".to_owned();
        let image = package.image.as_mut().unwrap();
        let (dockerfile, context) = ("a/Containerfile".to_owned(), "a".to_owned());
        image.source = ImageSource::Dockerfile { dockerfile, context };
        let image = package.image.as_ref().unwrap();
        let about = About { package: &package, image, release: &release, revision: None, epoch: 7 };
        let paths = BuildPaths { docker: "docker", source: "stage", archive: "out/x.tar" };
        let found = commands(&about, Platform::LinuxArm64, &paths).unwrap();
        let line = found[0].shell_line();
        let start = "(cd stage && env SOURCE_DATE_EPOCH=7 docker buildx build \
             --platform linux/arm64 --provenance=false --sbom=false --output \
             type=oci,dest=out/x.tar,rewrite-timestamp=true --build-arg SOURCE_DATE_EPOCH=7 ";
        assert!(line.starts_with(start), "{line}");
        assert!(line.contains(r"'org.opencontainers.image.description=it'\''s a clock'"), "{line}");
        assert!(line.ends_with("--file a/Containerfile a)"), "{line}");
        assert_eq!(found.len(), 1);
    }
}
