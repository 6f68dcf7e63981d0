import { apacheConfig } from './apache.ts'
import { caddyJsonConfig } from './caddy-json.ts'
import { caddyfileConfig } from './caddyfile.ts'
import { appEngineConfig, azureHostConfig, samConfig, serverlessConfig } from './cloud-files.ts'
import { procfileConfig, shellConfig } from './commands-files.ts'
import { composeConfig } from './compose.ts'
import { envConfig } from './env-file.ts'
import { envoyConfig } from './envoy.ts'
import { goSource } from './go-source.ts'
import { gunicornConfig } from './gunicorn-config.ts'
import { h2oConfig } from './h2o.ts'
import { haproxyConfig } from './haproxy.ts'
import { helmValues } from './helm.ts'
import { kongConfig } from './kong.ts'
import { kubernetesConfig } from './kubernetes.ts'
import { lighttpdConfig } from './lighttpd.ts'
import { nginxConfig } from './nginx.ts'
import { nodeSource } from './node-source.ts'
import { phpConfig } from './php.ts'
import { packageScripts, vercelConfig } from './project-files.ts'
import { pythonSource } from './python-source.ts'
import type { ConfigReader } from './reader.ts'
import { serviceConfig } from './service-config.ts'
import { squidConfig, stunnelConfig } from './squid-stunnel.ts'
import { systemdConfig } from './systemd.ts'
import { traefikConfig } from './traefik.ts'
import { uwsgiConfig } from './uwsgi.ts'
import { vclConfig } from './varnish.ts'

/** Every reader of configurations. Grow by adding a file and a line; the surest of its content reads a file, order breaks ties. */
export const configReaders: readonly ConfigReader[] = [
  nginxConfig, haproxyConfig, apacheConfig, caddyfileConfig, caddyJsonConfig, vclConfig, lighttpdConfig, squidConfig, stunnelConfig, h2oConfig, envoyConfig, kubernetesConfig, helmValues, kongConfig, composeConfig, traefikConfig,
  serverlessConfig, samConfig, appEngineConfig, azureHostConfig, packageScripts, vercelConfig, uwsgiConfig, phpConfig, systemdConfig, gunicornConfig, procfileConfig, goSource, nodeSource, pythonSource, shellConfig, envConfig, serviceConfig,
]
