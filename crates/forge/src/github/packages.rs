//! Packages: what GitHub tells of the registry's repositories.

use serde_json::{Value, json};

use super::shape::{Bases, api, user, web};
use super::{message, not_found, page};
use crate::World;
use crate::encoding::time;
use crate::exchange::{Call, Reply};
use crate::registry::Shelf;
use crate::world::Place;

/// `owner` is an organization or an account; `name` is what follows it in the repository's name.
pub(super) fn answer(
    world: &World,
    place: Place<'_>,
    call: &Call,
    writer: bool,
    [owner, kind, name]: &[&str; 3],
    rest: &[&str],
) -> Reply {
    if !writer {
        return message(401, "Requires authentication");
    }
    let shelf = world.registry.repositories.get(&format!("{owner}/{name}").to_lowercase());
    let Some(shelf) = shelf.filter(|_| *kind == "container") else { return not_found() };
    let bases = Bases::of(place, call);
    let escaped = name.replace('/', "%2F");
    let own = api(&bases, &format!("/orgs/{owner}/packages/container/{escaped}"));
    let html = web(&bases, &format!("/orgs/{owner}/packages/container/package/{escaped}"));
    match rest {
        [] => Reply::json(
            200,
            &json!({
                "id": 1,
                "name": name,
                "package_type": "container",
                "owner": user(&bases, owner),
                "version_count": shelf.manifests.len(),
                "visibility": if shelf.private { "private" } else { "public" },
                "url": own,
                "html_url": html,
                "created_at": time(call.now),
                "updated_at": time(call.now),
            }),
        ),
        ["versions"] => page(place, call, &versions(shelf, call, &own, &html)),
        _ => not_found(),
    }
}

fn versions(shelf: &Shelf, call: &Call, own: &str, html: &str) -> Vec<Value> {
    let version = |(index, digest): (usize, &String)| {
        let id = index + 1;
        let tags = shelf.tags.iter().filter(|(_, target)| *target == digest);
        let tags: Vec<&String> = tags.map(|(tag, _)| tag).collect();
        json!({
            "id": id,
            "name": digest,
            "url": format!("{own}/versions/{id}"),
            "package_html_url": html,
            "html_url": format!("{html}/{id}"),
            "created_at": time(call.now),
            "updated_at": time(call.now),
            "metadata": { "package_type": "container", "container": { "tags": tags } },
        })
    };
    shelf.manifests.keys().enumerate().map(version).collect()
}
