import pytest
@pytest.mark.both
def test_x(app, cast, client_of, client):
    p = cast.people
    print(p["guardian"]); print(p["council_chair"]); print(p["class_teacher"]); print(p["helper"]); print(p["leader"])
    assert len(p)==20
    r = client.get("/accounts/sign-in"); print(r.status, r.headers); 
    r = client_of(cast.guardian).get("/accounts/me"); print(r.status, r.text[:3000])
