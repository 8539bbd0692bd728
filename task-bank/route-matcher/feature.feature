Feature: A route matcher with parameters, wildcards and precedence
  A web server asks the matcher which route a request leads to. The most precise route wins,
  whatever the order in which routes were added, and links are made from the same patterns.

  Scenario: A parameter takes one part of the path
    Given the routes "GET /users as list, GET /users/:id as show, GET /users/:id/posts/:post as post"
    Then "GET /users/7" leads to "show" with {"id": "7"}
    And "GET /users/7/posts/a-b" leads to "post" with {"id": "7", "post": "a-b"}
    And "GET /users" leads to "list" with {}

  Scenario: A wildcard takes the rest of the path
    Given the routes "GET /files/*path as file"
    Then "GET /files/docs/2024/a.txt" leads to "file" with {"path": "docs/2024/a.txt"}
    But "GET /files" is answered with 404

  Scenario: The most precise route wins
    Given the routes "GET /*all as any, GET /users/:name as name, GET /users/:id<int> as id, GET /users/me as me"
    Then "GET /users/me" leads to "me" with {}
    And "GET /users/12" leads to "id" with {"id": "12"}
    And "GET /users/ada" leads to "name" with {"name": "ada"}
    And "GET /users/ada/x" leads to "any" with {"all": "users/ada/x"}

  Scenario: A precise beginning that leads nowhere is left again
    Given the routes "GET /users/me/posts as mine, GET /users/:name/likes as likes"
    Then "GET /users/me/likes" leads to "likes" with {"name": "me"}
    And "GET /users/me/posts" leads to "mine" with {}

  Scenario: A path that only has other methods names them
    Given the routes "POST /users as make, GET /users as list, DELETE /users/:id as drop"
    Then "PUT /users" is answered with 405, which allows "GET, HEAD, POST"
    But "PUT /groups" is answered with 404
    And "DELETE /users/3" leads to "drop" with {"id": "3"}

  Scenario: Parameters are decoded
    Given the routes "GET /tags/:tag as tag"
    Then "GET /tags/caf%C3%A9%2Fbar/?page=2" leads to "tag" with {"tag": "café/bar"}
    But "GET /tags/%C3" is answered with 400

  Scenario: A link is made from a route's name
    Given the routes "GET /tags/:tag/*path as tag"
    Then the link to "tag" with {"tag": "a/b", "path": "x y/z"} is "/tags/a%2Fb/x%20y/z"
    But a link to "tag" with {"tag": "a/b"} is refused with a RangeError

  Scenario: A route that could never be told from another is refused
    Given the routes "GET /users/:id as show"
    Then the route "GET /users/:name as other" is refused with a RangeError
    But the route "PUT /users/:name as other" is not
