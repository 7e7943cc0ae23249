/** The account that the template's organisation is made with. */
export const ADMIN = {
  email: 'admin@groundtrace.test',
  password: 'groundtrace-admin',
  /** Of the legacy kind: `Authorization: Token …`. */
  token: '0123456789abcdef0123456789abcdef01234567',
} as const

/** All private networks but this machine's own: a lab's webhooks and ML backends listen on 127.0.0.1. */
const BANNED_SUBNETS = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']

/** Environment of a server for a lab: nothing calls home, and webhooks may come to this machine. */
export const SETTINGS: Readonly<Record<string, string>> = {
  LABEL_STUDIO_USERNAME: ADMIN.email,
  LABEL_STUDIO_PASSWORD: ADMIN.password,
  LABEL_STUDIO_USER_TOKEN: ADMIN.token,
  LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN: 'true',
  COLLECT_ANALYTICS: 'false',
  LATEST_VERSION_CHECK: 'false',
  SENTRY_DSN: '',
  FRONTEND_SENTRY_DSN: '',
  USE_DEFAULT_BANNED_SUBNETS: 'false',
  USER_ADDITIONAL_BANNED_SUBNETS: BANNED_SUBNETS.join(','),
  ML_BLOCK_LOCAL_IP: 'false',
}
