use super::*;
use crate::pack::tests::{files, package};
use crate::spec::render;
use crate::{Blob, blob_path, lint};

type Files = BTreeMap<String, Vec<u8>>;

fn good() -> Files {
    files(&package()).into_iter().collect()
}

fn read(files: &Files) -> Result<Layout, Diagnostic> {
    let files = files.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    read_layout("oci/clock", &files)
}

/// The reader's answer for a valid layout after `edit`.
fn check(edit: impl FnOnce(&mut Files), expected: &str) {
    let mut files = good();
    edit(&mut files);
    let found = match read(&files) {
        Ok(_) => "fine".to_owned(),
        Err(problem) => {
            assert!(problem.location.is_some(), "{problem}");
            problem.code.to_string()
        }
    };
    assert_eq!(found, expected);
}

/// Changes each image, then updates all descriptors, up to `index.json`.
fn rebuild(files: &mut Files, edit: impl Fn(&mut Manifest, &mut Config, &mut Vec<Blob>)) {
    let layout = read(files).unwrap();
    let mut blobs = Vec::new();
    let mut manifests = Vec::new();
    for image in layout.images {
        let mut manifest = Manifest {
            schema_version: 2,
            media_type: MANIFEST.to_owned(),
            config: image.config_blob,
            layers: image.layers.iter().map(|layer| layer.blob.clone()).collect(),
            annotations: image.annotations,
        };
        let mut config = image.config;
        for layer in &manifest.layers {
            blobs.push(Blob::new(files[&blob_path("clock", &layer.digest)].clone()));
        }
        edit(&mut manifest, &mut config, &mut blobs);
        let config = Blob::new(render(&config));
        manifest.config = config.descriptor(&manifest.config.media_type);
        let manifest = Blob::new(render(&manifest));
        let platform = image.manifest.platform;
        manifests.push(Descriptor { platform, ..manifest.descriptor(MANIFEST) });
        blobs.extend([config, manifest]);
    }
    let index = Blob::new(render(&Index {
        schema_version: 2,
        media_type: INDEX.to_owned(),
        manifests,
        annotations: Texts::new(),
    }));
    *files = crate::layout("clock", "1", &index, &blobs).into_iter().collect();
}

#[test]
fn what_was_packed_reads_back() {
    let layout = read(&good()).unwrap();
    assert_eq!(layout.roots.len(), 1);
    assert_eq!(layout.roots[0].tag.as_deref(), Some("1.2.3_b"));
    let title = "org.opencontainers.image.title";
    assert_eq!(layout.roots[0].annotations.get(title).map(String::as_str), Some("clock"));
    let platforms: Vec<_> = layout.images.iter().map(Image::known_platform).collect();
    assert_eq!(platforms, [Some(Platform::LinuxAmd64), Some(Platform::LinuxArm64)]);
    let members = layout.images[1].layers[0].members().unwrap();
    let binary = members.iter().find(|member| member.path == "clock").unwrap();
    assert_eq!(binary.bytes, b"executable for linux-arm64");
    assert_eq!(lint("oci/clock", &layout), []);
}

#[test]
fn the_same_input_gives_the_same_layout() {
    assert_eq!(files(&package()), files(&package()));
    let paths: Vec<_> = good().into_keys().collect();
    assert_eq!(paths.len(), 2 + 1 + 2 * 3, "{paths:?}");
}

#[test]
fn a_changed_byte_is_seen() {
    let good = good();
    for (path, bytes) in &good {
        for at in (0..bytes.len()).step_by(3) {
            let mut files = good.clone();
            files.get_mut(path).unwrap()[at] ^= 1;
            // In these two, white space and names outside of a digest can change unnoticed.
            let free = path.ends_with("/index.json") || path.ends_with("/oci-layout");
            let found = read(&files);
            assert!(free || found.is_err(), "byte {at} of {path}");
        }
    }
}

#[test]
fn every_missing_short_and_extra_file_is_named() {
    for path in good().keys() {
        check(|files| drop(files.remove(path)), "oci-missing-file");
        if path.contains("/blobs/") {
            check(|files| assert!(files.get_mut(path).unwrap().pop().is_some()), "oci-size");
        }
    }
    for path in ["oci/clock/x", "oci/clock/blobs/sha256/x", "oci/clock/blobs/x"] {
        check(|files| drop(files.insert(path.to_owned(), Vec::new())), "oci-extra-file");
    }
    check(|files| drop(files.insert("oci/clock-2/x".to_owned(), Vec::new())), "fine");
}

#[test]
fn documents_that_are_not_what_they_should_be_are_refused() {
    let put = |name: &str, text: &str| {
        let (path, text) = (format!("oci/clock/{name}"), text.as_bytes().to_vec());
        move |files: &mut Files| drop(files.insert(path, text))
    };
    check(put("oci-layout", r#"{"imageLayoutVersion":"1.1.0"}"#), "oci-layout-version");
    for text in ["", "{}", "[]", "nul", "\u{feff}{}"] {
        check(put("oci-layout", text), "oci-json");
        check(put("index.json", text), "oci-json");
    }
    check(put("index.json", &"[".repeat(1 << 20)), "oci-json");
    check(put("index.json", &" ".repeat(5 << 20)), "oci-json");
    check(put("index.json", r#"{"schemaVersion":2,"manifests":[]}"#), "oci-empty");
    check(put("index.json", r#"{"schemaVersion":1,"manifests":[]}"#), "oci-schema-version");
    let odd = r#"{"schemaVersion":2,"mediaType":"x","manifests":[]}"#;
    check(put("index.json", odd), "oci-media-type");
    let twice = r#"{"schemaVersion":2,"schemaVersion":2,"manifests":[]}"#;
    check(put("index.json", twice), "oci-json");
    let twice = r#"{"schemaVersion":2,"manifests":[],"annotations":{"a":"1","a":"2"}}"#;
    check(put("index.json", twice), "oci-json");
    let pointing = |kind: &str, size: &str, digest: &str| {
        format!(
            r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{kind}","digest":"{digest}",
               "size":{size}}}]}}"#
        )
    };
    let digest = Digest::of(b"").to_string();
    check(put("index.json", &pointing(INDEX, "0", &digest)), "oci-missing-file");
    check(put("index.json", &pointing(INDEX, "99999999999999999999", &digest)), "oci-json");
    check(put("index.json", &pointing(INDEX, "-1", &digest)), "oci-json");
    check(put("index.json", &pointing(INDEX, "0", "sha256:../../x")), "oci-json");
    check(put("index.json", &pointing(INDEX, "0", "sha512:00")), "oci-json");
}

#[test]
fn an_index_inside_itself_or_too_deep_ends() {
    let nest = |files: &mut Files, depth: usize| {
        let mut top: Index = serde_json::from_slice(&files["oci/clock/index.json"]).unwrap();
        for _ in 0..depth {
            let blob = Blob::new(render(&Index { annotations: Texts::new(), ..top.clone() }));
            files.insert(blob_path("clock", &blob.digest), blob.bytes.clone());
            top.manifests = vec![blob.descriptor(INDEX)];
        }
        files.insert("oci/clock/index.json".to_owned(), render(&top));
    };
    check(|files| nest(files, 2), "fine");
    check(|files| nest(files, 3), "oci-depth");
    check(|files| nest(files, 300), "oci-depth");
}

#[test]
fn an_image_must_agree_with_its_configuration() {
    check(|files| rebuild(files, |_, _, _| {}), "fine");
    check(
        |files| {
            rebuild(files, |_, config, _| {
                config.platform.architecture = "s390x".to_owned();
            })
        },
        "oci-platform",
    );
    check(
        |files| {
            rebuild(files, |_, config, _| {
                config.rootfs.diff_ids.clear();
            })
        },
        "oci-diff-id",
    );
    check(
        |files| {
            rebuild(files, |_, config, _| {
                config.rootfs.diff_ids = vec![Digest::of(b"")];
            })
        },
        "oci-diff-id",
    );
    check(
        |files| {
            rebuild(files, |_, config, _| {
                config.rootfs.kind = "layer".to_owned();
            })
        },
        "oci-diff-id",
    );
    check(
        |files| {
            rebuild(files, |manifest, _, _| {
                manifest.config.media_type = "application/json".to_owned();
            })
        },
        "oci-media-type",
    );
    check(
        |files| {
            rebuild(files, |manifest, _, _| {
                manifest.layers[0].media_type = format!("{LAYER_TAR}+zstd");
            })
        },
        "oci-media-type",
    );
    check(
        |files| {
            rebuild(files, |manifest, _, _| {
                manifest.layers[0].size += 1;
            })
        },
        "oci-size",
    );
}

#[test]
fn an_image_with_endless_layers_is_refused() {
    let repeat = |count: usize| {
        move |files: &mut Files| {
            rebuild(files, |manifest, config, _| {
                manifest.layers = vec![manifest.layers[0].clone(); count];
                config.rootfs.diff_ids = vec![config.rootfs.diff_ids[0]; count];
            });
        }
    };
    check(repeat(127), "fine");
    check(repeat(128), "oci-too-many-layers");
}

#[test]
fn a_layer_that_is_no_archive_is_refused() {
    let with_layer = |layer: Vec<u8>, tar: &[u8], kind: &str| {
        let (layer, diff_id, kind) = (Blob::new(layer), Digest::of(tar), kind.to_owned());
        move |files: &mut Files| {
            rebuild(files, |manifest, config, blobs| {
                blobs.retain(|blob| blob.digest != manifest.layers[0].digest);
                manifest.layers = vec![layer.descriptor(&kind)];
                config.rootfs.diff_ids = vec![diff_id];
                blobs.push(layer.clone());
            });
        }
    };
    let empty = vec![0; 1024];
    check(with_layer(empty.clone(), &empty, LAYER_TAR), "fine");
    check(with_layer(archive::gzip::write(&empty), &empty, LAYER_GZIP), "fine");
    check(with_layer(empty.clone(), &empty, LAYER_GZIP), "archive-format");
    check(with_layer(vec![1; 1024], &[1; 1024], LAYER_TAR), "archive-format");
    let mut longer = archive::gzip::write(&empty);
    longer.push(0);
    check(with_layer(longer, &empty, LAYER_GZIP), "archive-trailing-bytes");
}

/// Changes the one index of the layout, and updates `index.json`.
fn reindex(files: &mut Files, edit: impl FnOnce(&mut Index)) {
    let mut top: Index = serde_json::from_slice(&files["oci/clock/index.json"]).unwrap();
    let old = files.remove(&blob_path("clock", &top.manifests[0].digest)).unwrap();
    let mut index: Index = serde_json::from_slice(&old).unwrap();
    edit(&mut index);
    let blob = Blob::new(render(&index));
    let annotations = top.manifests[0].annotations.clone();
    top.manifests = vec![Descriptor { annotations, ..blob.descriptor(INDEX) }];
    files.insert(blob_path("clock", &blob.digest), blob.bytes);
    files.insert("oci/clock/index.json".to_owned(), render(&top));
}

#[test]
fn a_manifest_that_is_listed_twice_is_held_against_both_entries() {
    let again = |edit: fn(&mut Descriptor)| {
        move |files: &mut Files| {
            reindex(files, |index| {
                let mut entry = index.manifests[0].clone();
                edit(&mut entry);
                index.manifests.push(entry);
            });
        }
    };
    check(again(|_| {}), "fine");
    check(again(|entry| entry.platform = Some(Platform::LinuxArm64.into())), "oci-platform");
    check(again(|entry| entry.media_type = INDEX.to_owned()), "oci-media-type");
    check(again(|entry| entry.size += 1), "oci-size");
}

#[test]
fn an_index_of_ours_names_each_platform_once_and_calls_the_image_by_its_name() {
    let check = |edit: fn(&mut Index), expected: Result<(), &str>| {
        let mut files = good();
        reindex(&mut files, edit);
        let found = crate::check_index("clock", "1.2.3_b", &read(&files).unwrap());
        assert_eq!(
            found.map_err(|problem| problem.code.to_string()),
            expected.map_err(str::to_owned)
        );
    };
    let entry = "oci-index";
    check(|_| {}, Ok(()));
    check(|index| index.manifests[1].platform = None, Err(entry));
    check(|index| index.manifests.push(index.manifests[0].clone()), Err(entry));
    check(|index| index.annotations.clear(), Ok(()));
    let title = "oci-title";
    check(|index| index.annotations.values_mut().for_each(|text| text.push('x')), Err(title));
    let layout = read(&good()).unwrap();
    let code =
        |name, version| crate::check_index(name, version, &layout).unwrap_err().code.to_string();
    assert_eq!((code("other", "1.2.3_b"), code("clock", "1")), (title.into(), title.into()));
    let mut layout = layout;
    layout.roots[0].tag = Some("latest".to_owned());
    assert_eq!(
        crate::check_index("clock", "1.2.3_b", &layout).unwrap_err().code.to_string(),
        entry
    );
}

#[test]
fn what_an_image_says_of_itself_is_read_without_its_layers() {
    let mut files = good();
    let image = read(&files).unwrap().images.swap_remove(1);
    for layer in &image.layers {
        files.remove(&blob_path("clock", &layer.blob.digest));
    }
    let path = blob_path("clock", &image.manifest.digest);
    assert_eq!(crate::config_digest(&path, &files[&path]).unwrap(), image.config_blob.digest);
    let borrowed = files.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let whole = (image.manifest.digest, image.manifest.size);
    let head = crate::read_head("oci/clock", whole, &borrowed).unwrap();
    assert_eq!((&head.config, &head.manifest.annotations), (&image.config, &image.annotations));
    let longer = (whole.0, whole.1 + 1);
    assert_eq!(
        crate::read_head("oci/clock", longer, &borrowed).unwrap_err().code.to_string(),
        "oci-size"
    );
}

#[test]
fn a_command_for_another_processor_is_pointed_out() {
    let check = |head: &[u8], command: &str, expected: &[&str]| {
        let mut layout = read(&good()).unwrap();
        layout.images.truncate(1);
        let member = archive::Entry::executable("clock", [head, &[0; 44]].concat());
        layout.images[0].layers[0].tar = archive::tar::write(&[member], 0).unwrap();
        layout.images[0].config.config.entrypoint = Some(vec![command.to_owned()]);
        let found = lint("oci/clock", &layout);
        assert_eq!(found.iter().map(|problem| problem.code.name).collect::<Vec<_>>(), expected);
    };
    let elf = |machine: u8| [&b"\x7fELF\x02\x01"[..], &[0; 12], &[machine, 0]].concat();
    check(&elf(62), "/clock", &[]);
    check(&elf(183), "/clock", &["image-machine"]);
    check(&elf(183), "/other", &[]);
    check(b"#!/bin/sh", "/clock", &[]);
}

#[test]
fn an_image_that_runs_as_root_or_runs_nothing_is_pointed_out() {
    let mut files = good();
    rebuild(&mut files, |manifest, config, _| {
        config.config.user = String::new();
        config.config.entrypoint = None;
        manifest.annotations.clear();
    });
    let layout = read(&files).unwrap();
    let codes: Vec<_> =
        lint("oci/clock", &layout).into_iter().map(|p| p.code.to_string()).collect();
    let each = ["image-user-root", "image-no-command", "image-annotation", "image-annotation"];
    assert_eq!(codes, each.repeat(2));
}

#[test]
fn entries_of_one_index_share_its_annotations() {
    let mut files = good();
    let text = files.get_mut("oci/clock/index.json").unwrap();
    let mut index: Index = serde_json::from_slice(text).unwrap();
    index.manifests = vec![index.manifests[0].clone(); 100];
    *text = render(&index);
    let layout = read(&files).unwrap();
    assert_eq!((layout.roots.len(), layout.images.len()), (100, 2));
    let first = &layout.roots[0].annotations;
    assert!(layout.roots.iter().all(|root| Arc::ptr_eq(first, &root.annotations)));
}
