module example.httponly {
    requires io.runnel.http;
}
