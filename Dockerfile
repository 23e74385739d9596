# syntax=docker/dockerfile:1

# The image of ips-server. For amd64 and arm64:
#
#   docker buildx build --platform linux/amd64,linux/arm64 --tag ips-server .
#
# The version is that of the package "node" in package-lock.json, with which all tests run; scripts/check-containers.mjs compares them. It is
# a tag and not a digest, so that a rebuild contains the security updates of Debian. For a build that can be repeated to the byte, give
# --build-arg NODE_IMAGE=node@sha256:… with the digest of the tag.
ARG NODE_IMAGE=node:26.10.0-trixie-slim

# Builds on the processor of the machine, for any other one: nothing is emulated.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund && npm run build -- --filter=@ips-sdk/server
# The packed packages, and their dependencies by the lock file, without development dependencies and install scripts.
RUN --mount=type=cache,target=/root/.npm \
    case "${TARGETARCH:-amd64}" in \
      amd64) cpu=x64 ;; \
      arm64) cpu=arm64 ;; \
      *) echo "TARGETARCH: found ${TARGETARCH}, expected amd64 or arm64" >&2; exit 1 ;; \
    esac \
    && node deploy/image/install-server.mjs /out/app --cpu "$cpu" \
    && cp deploy/image/healthcheck.mjs /out/app/healthcheck.mjs \
    && install -d -m 0700 /out/data /out/served

# Without RUN: nothing of the other processor has to be executed.
FROM ${NODE_IMAGE} AS server
LABEL org.opencontainers.image.title="ips-server" \
      org.opencontainers.image.description="Job server with the IPS API of Adobe Dynamic Media Classic" \
      org.opencontainers.image.source="https://github.com/ips-sdk/ips-sdk" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
# Root owns the program, which the server can read and not change. It owns its data, and nothing else.
COPY --from=build /out/app /app
COPY --from=build --chown=10001:10001 /out/data /data
COPY --from=build --chown=10001:10001 /out/served /served
USER 10001:10001
VOLUME ["/data", "/served"]
EXPOSE 8080
# The server is the first process: it handles signals from its start, and waits for the programs that it runs.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/node_modules/@ips-sdk/server/bin/ips-server.js"]
# Without a command: one process with an embedded database. Commands for several processes are in deploy/compose.yaml.
CMD ["all", "--host", "0.0.0.0", "--port", "8080", "--data", "/data", "--server-root", "/served"]
