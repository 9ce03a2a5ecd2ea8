//! Static files under addresses that change with their content.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use fiador_kernel::Digest;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use rust_embed::RustEmbed;

use crate::Problem;

/// The prefix of all assets.
const PREFIX: &str = "/assets/";

/// The files of this crate.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Kit;

/// One file.
#[derive(Clone, Debug)]
pub struct Asset {
    content: Bytes,
    content_type: HeaderValue,
}

/// Collects files before serving.
#[derive(Clone, Debug, Default)]
pub struct AssetsBuilder {
    paths: HashMap<String, String>,
    files: HashMap<String, Asset>,
}

/// The static files of a listener: page styles, scripts and images of all streets.
///
/// A file `page.css` is served as `/assets/page.<content hash>.css` and may be kept for ever; a new
/// content is a new address, so nobody ever sees an old style with a new page.
#[derive(Clone, Debug)]
pub struct Assets(Arc<AssetsBuilder>);

impl AssetsBuilder {
    /// Adds the files that `E` embeds (`#[derive(RustEmbed)]`), by their names.
    #[must_use]
    pub fn embedded<E: RustEmbed>(mut self) -> Self {
        for name in E::iter() {
            if let Some(file) = E::get(&name) {
                self = self.file(&name, file.data);
            }
        }
        self
    }

    /// Adds one file; the ending of `name` tells its media type. A later file of the same name
    /// replaces an earlier one: so an operator can put another style in place of ours.
    #[must_use]
    pub fn file(mut self, name: &str, content: impl Into<Cow<'static, [u8]>>) -> Self {
        let content = match content.into() {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let digest = Digest::of(&content).to_hex();
        let hash = digest.get(..16).unwrap_or_default();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let file_name = format!("{stem}.{hash}.{ending}");
        if let Some(replaced) = self.paths.insert(name.to_owned(), format!("{PREFIX}{file_name}")) {
            self.files.remove(replaced.strip_prefix(PREFIX).unwrap_or_default());
        }
        let content_type = HeaderValue::from_static(media_type(ending));
        self.files.insert(file_name, Asset { content, content_type });
        self
    }

    /// Ends the collection.
    pub fn build(self) -> Assets {
        Assets(Arc::new(self))
    }
}

impl Assets {
    /// Begins with the files of this crate.
    pub fn builder() -> AssetsBuilder {
        AssetsBuilder::default().embedded::<Kit>()
    }

    /// The address of a file by its plain name; for an unknown name, one that answers 404.
    pub fn path(&self, name: &str) -> &str {
        self.0.paths.get(name).map_or_else(
            || {
                tracing::error!(asset = name, "a page names a file that is not embedded");
                "/assets/missing"
            },
            String::as_str,
        )
    }

    /// The route `/assets/{file}`.
    pub fn routes(&self) -> Router {
        let assets = Self(Arc::clone(&self.0));
        Router::new().route(
            "/assets/{*file}",
            get(async move |Path(file): Path<String>| assets.serve(&file)),
        )
    }

    fn serve(&self, file: &str) -> Response {
        let Some(asset) = self.0.files.get(file) else { return unknown().into_response() };
        let mut headers = for_ever();
        headers.insert(CONTENT_TYPE, asset.content_type.clone());
        (headers, asset.content.clone()).into_response()
    }
}

/// No file has this address.
pub(crate) fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "asset.unknown", "There is no such file")
}

/// The headers of a file whose address changes with its content: kept for ever, taken for nothing
/// but what it is, and an SVG opened by itself, which is a document, may do nothing.
pub(crate) fn for_ever() -> HeaderMap {
    let mut headers = HeaderMap::new();
    let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(CACHE_CONTROL, immutable);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_is_another_address() {
        let one = Assets::builder().file("a.js", &b"1"[..]).build();
        let two = Assets::builder().file("a.js", &b"2"[..]).build();
        assert_ne!(one.path("a.js"), two.path("a.js"));
        assert!(one.path("a.js").starts_with("/assets/a."));
    }

    #[test]
    fn an_operators_file_takes_the_place_of_ours() {
        let assets = Assets::builder().file("page.css", &b"x"[..]).build();
        let name = assets.path("page.css").strip_prefix(PREFIX).unwrap();
        assert_eq!(assets.serve(name).status(), StatusCode::OK);
        let kit = Assets::builder().build();
        let replaced = kit.path("page.css").strip_prefix(PREFIX).unwrap();
        assert_eq!(assets.serve(replaced).status(), StatusCode::NOT_FOUND);
    }
}
