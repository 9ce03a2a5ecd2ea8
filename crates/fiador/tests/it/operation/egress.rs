//! Where the gateway goes because an application names it (T-080, T-081).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{Clock as _, SystemClock};
use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::world::{Answer, Running, Site};

#[tokio::test]
async fn keys_inside_the_network_are_fetched_only_when_the_operator_names_the_place() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let keys = KeyServer::start(&key).await;
    let mut site = Site::new().through("only", &centre);
    site.more = client(&keys);

    let running = site.start_empty();
    let refused = redeem(&running, &key, "first").await;
    assert_eq!((refused.status, keys.requests()), (503, 0), "{refused:?}");
    drop(running);

    let allowed = format!("[egress]\nallow = [\"127.0.0.1:{}\"]\n", keys.port);
    site.more.push_str(&allowed);
    let running = site.start_empty();
    for jti in ["second", "third"] {
        let known = redeem(&running, &key, jti).await;
        assert_eq!(known.error(), "invalid_grant", "the client is known, its code is not");
    }
    assert_eq!(keys.requests(), 1);
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(redeem(&running, &stranger, "fourth").await.error(), "invalid_client");
}

fn client(keys: &KeyServer) -> String {
    format!(
        "[[clients]]\nclient_id = \"signer\"\nname = \"signer\"\nprofile = \"oidc\"\n\
         token_endpoint_auth_method = \"private_key_jwt\"\nscopes = [\"openid\"]\n\
         redirect_uris = [\"https://signer.example/cb\"]\njwks_uri = \"http://127.0.0.1:{}/jwks\"\n",
        keys.port
    )
}

/// Presents a code that nobody issued, with an assertion by `key`.
async fn redeem(running: &Running, key: &SigningKey, jti: &str) -> Answer {
    let now = SystemClock.now().as_seconds();
    let claims = json!({
        "iss": "signer", "sub": "signer", "aud": running.issuer, "exp": now + 60, "jti": jti,
    });
    let assertion = key.sign_compact(None, &claims).unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "nobody-issued-this"),
        ("redirect_uri", "https://signer.example/cb"),
        ("code_verifier", "a-verifier-that-is-long-enough-for-rfc-7636"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", &assertion),
    ];
    let url = format!("{}/token", running.listener("public"));
    Answer::read(running.http.post(url).form(&form).send().await.unwrap()).await
}

/// The key set of a service provider.
struct KeyServer {
    port: u16,
    requests: Arc<AtomicUsize>,
}

impl KeyServer {
    async fn start(key: &SigningKey) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let document = json!({ "keys": [key.public_jwk()] }).to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{document}",
            document.len()
        );
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(SeqCst)
    }
}
