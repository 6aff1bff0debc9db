# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data interview \
    && install --directory --owner=interview --mode=0700 /data
COPY --from=build /src/target/release/interview-assistant /usr/local/bin/interview-assistant
USER 10001
ENV INTERVIEW_DATA=/data INTERVIEW_LISTEN=0.0.0.0:3000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["interview-assistant", "health"]
ENTRYPOINT ["interview-assistant"]
CMD ["run"]
