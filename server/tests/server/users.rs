//! `/users/`.

use serde_json::json;

use crate::support::{TestServer, Who};

#[tokio::test]
async fn everybody_may_ask_who_they_are() {
    let server = TestServer::start().await;
    for (who, is_regular_user, is_admin) in [
        (Who::Root, false, false),
        (Who::Admin, true, true),
        (Who::Alice, true, false),
        (Who::Bob, true, false),
        (Who::Carol, false, false),
    ] {
        let me = server.api("GET /users/me").by(who).send().await.expect(200).json();
        let (created, updated) = (me["created"].clone(), me["updated"].clone());
        assert!(created.is_string() && updated.is_string());
        assert_eq!(
            me,
            json!({
                "id": who.id(), "username": who.name(), "is_active": true, "is_regular_user": is_regular_user,
                "is_admin": is_admin, "default_settings": {}, "created": created, "updated": updated,
            })
        );
        let by_id = server.api(&format!("GET /users/{}", who.id())).by(who).send().await.expect(200).json();
        assert_eq!(by_id, me);
    }
}

#[tokio::test]
async fn admins_and_internal_users_see_everybody() {
    let server = TestServer::start().await;
    for who in [Who::Root, Who::Admin] {
        let users = server.api("GET /users/").by(who).send().await.expect(200).json();
        let names = ["root", "admin", "alice", "bob", "carol", "dave"];
        let expected: Vec<_> =
            (1..).zip(names).map(|(id, username)| json!({"id": id, "username": username})).collect();
        assert_eq!(users, json!(expected));
        let page = server.api("GET /users/?limit=2&offset=1").by(who).send().await;
        assert_eq!(page.ids(), [2, 3]);
        assert_eq!(server.api("GET /users/?offset=6").by(who).send().await.ids(), [0; 0]);
        for (query, field) in [("limit=0", "limit"), ("limit=101", "limit"), ("offset=-1", "offset")] {
            let answer = server.api(&format!("GET /users/?{query}")).by(who).send().await;
            assert!(answer.messages()[field].is_array(), "{query}");
        }
        let dave = server.api("GET /users/6").by(who).send().await.expect(200).json();
        assert_eq!(dave["username"], "dave");
        assert_eq!(dave["is_active"], false);
        server.api("GET /users/999").by(who).send().await.expect(404);
    }
}

#[tokio::test]
async fn others_see_themselves_only() {
    let server = TestServer::start().await;
    for who in [Who::Alice, Who::Bob, Who::Carol] {
        server.api("GET /users/").by(who).send().await.expect(403);
        server.api("GET /users/?limit=0").by(who).send().await.expect(403);
        for other in [1, 2, 6, 999] {
            let answer = server.api(&format!("GET /users/{other}")).by(who).send().await.expect(403);
            assert_eq!(answer.json()["status"], 403, "no difference between somebody and nobody");
        }
    }
}
