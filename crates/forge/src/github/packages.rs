//! Packages: GitHub's view of the registry's repositories.

use serde_json::{Value, json};

use super::shape::{Bases, api, user, web};
use super::{message, not_found, page};
use crate::context::Context;
use crate::encoding::time;
use crate::http::{Request, Response};
use crate::registry::{OciRepository, Registry};

/// `owner` is an organization or an account; `name` is the rest of the registry repository's name.
pub(super) fn answer(
    registry: &Registry,
    context: Context<'_>,
    request: &Request,
    writer: bool,
    [owner, kind, name]: &[&str; 3],
    rest: &[&str],
) -> Response {
    if !writer {
        return message(401, "Requires authentication");
    }
    let repository = registry.repositories.get(&format!("{owner}/{name}").to_lowercase());
    let Some(repository) = repository.filter(|_| *kind == "container") else { return not_found() };
    let bases = Bases::of(context, request);
    let escaped = name.replace('/', "%2F");
    let own = api(&bases, &format!("/orgs/{owner}/packages/container/{escaped}"));
    let html = web(&bases, &format!("/orgs/{owner}/packages/container/package/{escaped}"));
    match rest {
        [] => Response::json(
            200,
            &json!({
                "id": 1,
                "name": name,
                "package_type": "container",
                "owner": user(&bases, owner),
                "version_count": repository.manifests.len(),
                "visibility": if repository.private { "private" } else { "public" },
                "url": own,
                "html_url": html,
                "created_at": time(request.now),
                "updated_at": time(request.now),
            }),
        ),
        ["versions"] => page(context, request, &versions(repository, request, &own, &html)),
        _ => not_found(),
    }
}

fn versions(repository: &OciRepository, request: &Request, own: &str, html: &str) -> Vec<Value> {
    let version = |(index, digest): (usize, &String)| {
        let id = index + 1;
        let tags = repository.tags.iter().filter(|(_, target)| *target == digest);
        let tags: Vec<&String> = tags.map(|(tag, _)| tag).collect();
        json!({
            "id": id,
            "name": digest,
            "url": format!("{own}/versions/{id}"),
            "package_html_url": html,
            "html_url": format!("{html}/{id}"),
            "created_at": time(request.now),
            "updated_at": time(request.now),
            "metadata": { "package_type": "container", "container": { "tags": tags } },
        })
    };
    repository.manifests.keys().enumerate().map(version).collect()
}
