//! The units of an image.

use crate::{ImageSource, ImageSpec};
use format::Offer;
use model::{Diagnostic, Package, Platform, Recipe, Unit, UnitId};

use crate::codes;
use crate::layout::folder;
use crate::recipes;

/// One unit per platform, and one for the index over them; none if the package has no image. All
/// name the folder of the layout, which they fill together.
///
/// # Errors
/// For no platform, one that is not Linux, an image from a binary that the package does not build
/// for that platform, and a version that cannot be a tag.
pub(crate) fn units(
    package: &Package,
    executable: Option<&Offer>,
) -> Result<Vec<Unit>, Diagnostic> {
    let Some(image) = package.spec::<ImageSpec>() else { return Ok(Vec::new()) };
    let version = image
        .version
        .tag()
        .map_err(|error| Diagnostic::new(&codes::IMAGE_VERSION, error.to_string()))?;
    if image.platforms.is_empty() {
        let message = format!("the image `{}` has no platform", image.name);
        return Err(Diagnostic::new(&codes::IMAGE_NO_PLATFORM, message));
    }
    let unit = |platform, recipe, needs| Unit {
        id: UnitId::new(&package.name, crate::FORMAT, platform),
        package: package.name.clone(),
        format: crate::FORMAT,
        platform,
        recipe,
        version: version.clone(),
        needs,
        files: vec![folder(&image.name)],
    };
    let mut units = Vec::new();
    for platform in &image.platforms {
        let (recipe, needs) = source(package, image, executable, *platform)?;
        units.push(unit(Some(*platform), recipe, needs));
    }
    let needs = units.iter().map(|unit| unit.id.clone()).collect();
    units.push(unit(None, recipes::INDEX, needs));
    Ok(units)
}

fn source(
    package: &Package,
    image: &ImageSpec,
    executable: Option<&Offer>,
    platform: Platform,
) -> Result<(Recipe, Vec<UnitId>), Diagnostic> {
    if !Platform::LINUX.contains(&platform) {
        let message = format!("the image `{}` cannot be built for {platform}", image.name);
        return Err(Diagnostic::new(&model::codes::IMAGE_PLATFORM, message)
            .help("images are built for linux-amd64 and linux-arm64"));
    }
    match &image.source {
        ImageSource::Dockerfile(_) => Ok((recipes::FROM_DOCKERFILE, Vec::new())),
        ImageSource::Binary => {
            let Some(executable) = executable.filter(|offer| offer.serves(platform)) else {
                let message = format!(
                    "the image `{}` needs the binary of `{}` for {platform}, which is not built",
                    image.name, package.name
                );
                return Err(Diagnostic::new(&codes::IMAGE_NEEDS_BINARY, message)
                    .help("add `binary = { … }` with that platform, or drop it from the image"));
            };
            let need = UnitId::new(&package.name, executable.format, Some(platform));
            Ok((recipes::FROM_BINARY, vec![need]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::tests::{executable, package};

    fn check(
        offer: Option<Offer>,
        edit: impl FnOnce(&mut ImageSpec),
        expected: Result<&[&str], &str>,
    ) {
        let mut package = package();
        package.specs.edit(edit);
        let found = units(&package, offer.as_ref()).map(|units| {
            let line = |unit: &Unit| {
                let needs: Vec<_> = unit.needs.iter().map(ToString::to_string).collect();
                format!("{} {:?} {} {}", unit.id, unit.recipe, unit.version, needs.join(" "))
            };
            units.iter().map(line).collect::<Vec<_>>()
        });
        let expected = expected.map(|lines| lines.iter().map(ToString::to_string).collect());
        assert_eq!(
            found.map_err(|problem| problem.code.to_string()),
            expected.map_err(str::to_owned)
        );
    }

    #[test]
    fn an_image_has_a_unit_a_platform_and_an_index() {
        check(
            Some(executable()),
            |_| {},
            Ok(&[
                "clock/oci/linux-amd64 binary-image 1.2.3_b clock/binary/linux-amd64",
                "clock/oci/linux-arm64 binary-image 1.2.3_b clock/binary/linux-arm64",
                "clock/oci image-index 1.2.3_b clock/oci/linux-amd64 clock/oci/linux-arm64",
            ]),
        );
        let dockerfile = |image: &mut ImageSpec| {
            image.source = ImageSource::Dockerfile(crate::DockerfileSpec::default());
            image.platforms = vec![Platform::LinuxArm64];
        };
        check(
            None,
            dockerfile,
            Ok(&[
                "clock/oci/linux-arm64 dockerfile-image 1.2.3_b ",
                "clock/oci image-index 1.2.3_b clock/oci/linux-arm64",
            ]),
        );
        assert_eq!(units(&Package::new("a"), None).unwrap(), []);
    }

    #[test]
    fn an_image_that_cannot_be_made_is_refused() {
        check(None, |_| {}, Err("image-needs-binary"));
        let only_amd64 = Offer { platforms: Some(vec![Platform::LinuxAmd64]), ..executable() };
        check(Some(only_amd64), |_| {}, Err("image-needs-binary"));
        let on = |platforms: &[Platform], code| {
            let platforms = platforms.to_vec();
            check(Some(executable()), |image| image.platforms = platforms, Err(code));
        };
        on(&[Platform::WindowsAmd64], "image-platform");
        on(&[], "image-no-platform");
    }
}
