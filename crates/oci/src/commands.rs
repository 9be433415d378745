//! The commands of `docker buildx`, for images from a Dockerfile.

use crate::ImageSource;
use model::{Diagnostic, Invocation, Platform};

use crate::About;

/// The paths of a build, as the child process sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildPaths<'a> {
    /// The `docker` program.
    pub docker: &'a str,
    /// The staged copy of the tree with the build context and the Dockerfile.
    pub source: &'a str,
    /// The file for the tar archive of the layout.
    pub archive: &'a str,
    /// The file for buildx's metadata, which has the base images.
    pub metadata: &'a str,
    /// The folder with wheels and executables of this release, for images that use some.
    pub release: &'a str,
}

/// The command that builds the image for `platform` as an OCI layout in a tar archive; `None` for
/// an image that needs no Dockerfile. Its times are the epoch, so that a Dockerfile whose steps are
/// reproducible gives the same digest again; it has no attestations. Secrets are passed by name and
/// read from the variables of these names.
///
/// # Errors
/// If the version cannot be a tag.
pub fn commands(
    about: &About<'_>,
    platform: Platform,
    paths: &BuildPaths<'_>,
) -> Result<Vec<Invocation>, Diagnostic> {
    let ImageSource::Dockerfile(spec) = &about.image.source else { return Ok(Vec::new()) };
    let dest = field(&format!("dest={}", paths.archive));
    let output = format!("type=oci,{dest},rewrite-timestamp=true,compression=gzip");
    let mut args: Vec<String> = [
        "buildx",
        "build",
        "--progress=plain",
        "--platform",
        &platform.oci(),
        "--provenance=false",
        "--sbom=false",
        "--output",
        &format!("{output},force-compression=true"),
        "--metadata-file",
        paths.metadata,
    ]
    .map(str::to_owned)
    .into();
    if !spec.target.is_empty() {
        args.extend(["--target".to_owned(), spec.target.clone()]);
    }
    for (name, value) in &spec.build_args {
        args.extend(["--build-arg".to_owned(), format!("{name}={value}")]);
    }
    // The last one counts, so no other time is used.
    args.extend(["--build-arg".to_owned(), format!("SOURCE_DATE_EPOCH={}", about.epoch)]);
    for name in &spec.secrets {
        args.extend(["--secret".to_owned(), format!("id={name},env={name}")]);
    }
    if !spec.from_release.is_empty() {
        args.extend(["--build-context".to_owned(), format!("release={}", paths.release)]);
    }
    for (name, text) in about.texts()? {
        args.extend(["--label".to_owned(), format!("{name}={text}")]);
        args.extend(["--annotation".to_owned(), format!("manifest:{name}={text}")]);
    }
    // A folder's name may start like an option.
    let context = match spec.context.starts_with('-') {
        true => format!("./{}", spec.context),
        false => spec.context.clone(),
    };
    args.extend(["--file".to_owned(), spec.dockerfile.clone(), context]);
    let epoch = about.epoch.to_string();
    Ok(vec![Invocation::new(paths.docker, args).dir(paths.source).env("SOURCE_DATE_EPOCH", epoch)])
}

/// A field of comma-separated values as buildx parses them (RFC 4180).
fn field(text: &str) -> String {
    if text.contains([',', '"']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::{DockerfileSpec, ImageSpec};

    use super::*;
    use crate::pack::tests::{package, release};

    #[test]
    fn a_dockerfile_becomes_one_line_to_paste() {
        let (mut package, release) = (package(), release());
        package.description = "it's a clock".to_owned();
        let source = ImageSource::Dockerfile(DockerfileSpec {
            dockerfile: "a/Containerfile".to_owned(),
            context: "a".to_owned(),
            target: "run".to_owned(),
            build_args: [("A".to_owned(), "1 2".to_owned())].into(),
            secrets: vec!["TOKEN".to_owned()],
            git: false,
            from_release: vec!["clock".to_owned()],
        });
        package.specs.edit(|image: &mut ImageSpec| image.source = source);
        let image = package.spec::<ImageSpec>().unwrap();
        let about = About { package: &package, image, release: &release, revision: None, epoch: 7 };
        let paths = BuildPaths {
            docker: "docker",
            source: "stage",
            archive: "out/x.tar",
            metadata: "out/x.json",
            release: "out/release",
        };
        let found = commands(&about, Platform::LinuxArm64, &paths).unwrap();
        let line = found[0].shell_line();
        let start = "(cd stage && env SOURCE_DATE_EPOCH=7 docker buildx build \
             --progress=plain --platform linux/arm64 --provenance=false --sbom=false --output \
             type=oci,dest=out/x.tar,rewrite-timestamp=true,compression=gzip,\
             force-compression=true --metadata-file out/x.json --target run \
             --build-arg 'A=1 2' --build-arg \
             SOURCE_DATE_EPOCH=7 --secret id=TOKEN,env=TOKEN --build-context release=out/release \
             --label ";
        assert!(line.starts_with(start), "{line}");
        assert!(line.contains(r"'org.opencontainers.image.description=it'\''s a clock'"), "{line}");
        assert!(line.ends_with("--file a/Containerfile a)"), "{line}");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_path_with_a_comma_is_one_field() {
        assert_eq!(field("dest=/a/b.tar"), "dest=/a/b.tar");
        assert_eq!(field("dest=/a,b/\"c.tar"), "\"dest=/a,b/\"\"c.tar\"");
    }
}
