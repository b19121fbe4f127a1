import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { Tag } from '@/ui/color-badge';
import { Panel } from '@/ui/panel';
import { secondFactorQuery } from './api';
import { ChangePassword } from './change-password';
import { NewRecoveryCodes, SetUpSecondFactor, TurnOffSecondFactor } from './second-factor';
import styles from './settings.module.css';

/** Codes that are nearly used up. */
const FEW = 3;

/** One's own password and second factor. */
export function OwnSignIn() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const factor = useQuery(secondFactorQuery).data;
  const [open, setOpen] = useState<'password' | 'set_up' | 'codes' | 'off' | null>(null);
  const close = () => setOpen(null);
  return (
    <Panel title={t('own.title')} subtitle={t('own.subtitle')}>
      <div className={styles.ways}>
        <div className={styles.way}>
          <div>
            <strong>{t('own.password')}</strong>
            <p className={styles.quiet}>{t('own.password_hint')}</p>
          </div>
          <div className={styles.actions}>
            <Button variant="default" onClick={() => setOpen('password')}>
              {t('own.change_password')}
            </Button>
          </div>
        </div>
        {factor && (
          <div className={styles.way}>
            <div>
              <strong>{t('own.factor')}</strong>{' '}
              <Tag
                label={t(factor.since ? 'own.on' : 'own.off')}
                tone={factor.since ? 'good' : undefined}
              />
              <p className={styles.quiet}>
                {factor.since
                  ? t('own.factor_since', {
                      day: format.day(factor.since),
                      count: factor.recovery_codes,
                    })
                  : t('own.factor_hint')}
              </p>
              {factor.since && factor.recovery_codes <= FEW && (
                <p className={styles.bad}>{t('own.few_codes')}</p>
              )}
            </div>
            <div className={styles.actions}>
              {factor.since ? (
                <>
                  <Button variant="default" onClick={() => setOpen('codes')}>
                    {t('own.new_codes')}
                  </Button>
                  <Button variant="default" onClick={() => setOpen('off')}>
                    {t('own.turn_off')}
                  </Button>
                </>
              ) : (
                <Button onClick={() => setOpen('set_up')}>{t('own.set_up')}</Button>
              )}
            </div>
          </div>
        )}
      </div>
      {open === 'password' && <ChangePassword onClose={close} />}
      {open === 'set_up' && <SetUpSecondFactor onClose={close} />}
      {open === 'codes' && <NewRecoveryCodes onClose={close} />}
      {open === 'off' && <TurnOffSecondFactor onClose={close} />}
    </Panel>
  );
}
